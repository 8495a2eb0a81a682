"""The GraphQL endpoint: official types, GitHub's own limits and error shapes, resolvers over a world."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    execute_sync,
    parse,
    validate,
    visit,
)
from msgspec import Struct

from tests.ghstub import search
from tests.ghstub.cost import Cost, price
from tests.ghstub.hub import Hub, owner_id, repo_id
from tests.ghstub.nodes import OwnerNode, RepositoryNode, repository
from tests.ghstub.page import Refusal, connection, stamp
from tests.ghstub.pullnodes import PullRequestNode
from tests.ghstub.world import Owner


@cache
def schema() -> GraphQLSchema:
    """The trimmed official schema; the official one does not pass its own validation, hence the flag."""
    text = Path(__file__).with_name("schema.graphql").read_text(encoding="utf-8")
    return build_schema(text, assume_valid=True)


class Plan(Struct):
    """A request read and priced, but not run; with errors it must not run."""

    operation: str
    cost: Cost
    errors: list[dict[str, Any]] = []
    violations: list[str] = []
    document: DocumentNode | None = None
    variables: dict[str, Any] = {}


@cache
def checked(text: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """The parsed document and what is wrong with it, once per text."""
    try:
        document = parse(text)
    except GraphQLError as fault:
        return None, (fault,)
    return document, tuple(validate(schema(), document))


def plan(body: Any) -> Plan:
    """Read one POST body (``query``, ``variables``); every error here means that the client is wrong."""
    text = body.get("query") if isinstance(body, Mapping) else None
    if not isinstance(text, str):
        return Plan("", Cost(), [{"message": "A query attribute must be specified and must be a string."}])
    variables = dict(body.get("variables") or {})
    document, faults = checked(text)
    operations = (
        [node for node in document.definitions if isinstance(node, OperationDefinitionNode)] if document else []
    )
    name = operations[0].name.value if operations and operations[0].name else ""
    if document is None or faults or len(operations) != 1:
        errors = [{"message": fault.message, **where(fault), "extensions": {"code": "invalid"}} for fault in faults]
        errors = errors or [{"message": "An operation name is required"}]
        return Plan(name, Cost(), errors, [f"GraphQL {name}: {error['message']}" for error in errors])
    cost = price(schema(), document, variables)
    wrong = [f"GraphQL {name}: {error['message']}" for error in cost.errors]
    return Plan(name, cost, cost.errors, wrong, document, variables)


def where(fault: GraphQLError) -> dict[str, Any]:
    return {"locations": [{"line": spot.line, "column": spot.column} for spot in fault.locations or ()]}


CLOSED_TYPES = frozenset(("Organization", "Team"))
READING = frozenset(("read:org", "write:org", "admin:org"))


def lacking(document: DocumentNode, scopes: Sequence[str], closed: Collection[str] = ()) -> list[dict[str, Any]]:
    """The errors for a document that names a field of an organisation or team, for a classic token without read:org.

    The service refuses such a document as a whole before it looks whom it is about, in words that name the field.
    ``closed`` are further fields, as ``Type.field``, that are refused in the same way whatever the scopes.
    """
    types = TypeInfo(schema())
    found = Fields(types, CLOSED_TYPES if READING.isdisjoint(scopes) else frozenset(), frozenset(closed))
    visit(document, TypeInfoVisitor(types, found))
    text = (
        "Your token has not been granted the required scopes to execute this query. The '{}' field requires one of the "
        "following scopes: ['read:org'], but your token has only been granted the: {} scopes."
    )
    return [{"type": "INSUFFICIENT_SCOPES", "message": text.format(name, list(scopes) or [""])} for name in found.names]


class Fields(Visitor):
    """The names of all fields of a document that are closed, themselves or with their type, in its order."""

    def __init__(self, types: TypeInfo, closed_types: frozenset[str], closed: frozenset[str]) -> None:
        super().__init__()
        self.types = types
        self.closed_types = closed_types
        self.closed = closed
        self.names: list[str] = []

    def enter_field(self, node: Any, *_: Any) -> None:
        parent, name = self.types.get_parent_type(), node.name.value
        if parent is None or name == "__typename":
            return
        if parent.name in self.closed_types or f"{parent.name}.{name}" in self.closed:
            self.names.append(name)


class Refuse(Struct):
    """``Type.field`` to refuse after ``keep`` answers."""

    field: str
    keep: int
    refusal: Refusal


class Context(Struct):
    """What resolvers see."""

    hub: Hub
    rate: dict[str, Any]
    violations: list[str]
    refuse: Refuse | None


def run(
    ready: Plan, hub: Hub, rate: Mapping[str, Any], refuse: Refuse | None = None
) -> tuple[dict[str, Any], list[str]]:
    """The answer's body and what the stand-in could not model. ``rate``: limit, remaining, used, reset."""
    assert ready.document is not None
    figures = {
        "limit": rate["limit"],
        "remaining": rate["remaining"],
        "used": rate["used"],
        "resetAt": stamp(rate["reset"]),
        "cost": ready.cost.points,
        "nodeCount": ready.cost.nodes,
    }
    context = Context(hub, figures, [], refuse)
    result = execute_sync(
        schema(),
        ready.document,
        root_value=Root(context),
        context_value=context,
        variable_values=ready.variables,
        field_resolver=resolve,
        type_resolver=kind_of,
    )
    body: dict[str, Any] = {"data": result.data}
    errors = []
    for fault in result.errors or ():
        cause = fault.original_error
        error: dict[str, Any] = {"path": list(fault.path or ()), **where(fault), "message": fault.message}
        if isinstance(cause, Refusal):
            error = {"type": cause.kind, **error}
        else:
            context.violations.append(f"GraphQL {ready.operation} {error['path']}: {fault.message}")
        errors.append(error)
    if errors:
        body["errors"] = errors
    return body, context.violations


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-zA])([A-Z])", lambda found: "_" + found.group(1).lower(), name)


def resolve(source: Any, info: Any, **arguments: Any) -> Any:
    """A field's value: key of a dictionary or attribute in snake case, called when it is callable."""
    name = info.field_name
    refuse = info.context.refuse
    if refuse and refuse.field == f"{info.parent_type.name}.{name}":
        refuse.keep -= 1
        if refuse.keep < 0:
            raise refuse.refusal
    owned = isinstance(source, dict)
    value = source.get(name, LookupError) if owned else getattr(source, snake(name), LookupError)
    if value is LookupError:
        raise NotImplementedError(f"the stand-in does not model {info.parent_type.name}.{name}")
    if callable(value):
        return value(**{snake(key): argument for key, argument in arguments.items()})
    return value


def kind_of(value: Any, info: Any, abstract: Any) -> str:
    name = value["__typename"] if isinstance(value, dict) else value.typename
    return str(name)


class Root:
    """Query."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.hub = context.hub

    def rate_limit(self, dry_run: bool = False) -> dict[str, Any]:
        return self.context.rate

    def repository_owner(self, login: str) -> OwnerNode | None:
        owner = self.hub.world.owner(login)
        return OwnerNode(self.hub, owner) if owner else None

    def viewer(self) -> OwnerNode:
        login = self.hub.world.viewer or "somebody"
        return OwnerNode(self.hub, self.hub.world.owner(login) or Owner(login=login))

    def user(self, login: str) -> OwnerNode:
        return self.account(login, "User")

    def organization(self, login: str) -> OwnerNode:
        return self.account(login, "Organization")

    def account(self, login: str, kind: str) -> OwnerNode:
        owner = self.hub.world.owner(login)
        if owner is None or owner.kind != kind:
            article = "an" if kind == "Organization" else "a"
            raise Refusal("NOT_FOUND", f"Could not resolve to {article} {kind} with the login of '{login}'.")
        return OwnerNode(self.hub, owner)

    def repository(self, owner: str, name: str, follow_renames: bool = True) -> RepositoryNode:
        return repository(self.hub, f"{owner}/{name}", follow_renames)

    def node(self, id: str) -> Any:
        found = self.find(id)
        if found is None:
            raise Refusal("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'")
        return found

    def nodes(self, ids: list[str]) -> list[Any]:
        text = "Could not resolve to a node with the global id of '{}'."
        return [self.find(one) or Refusal("NOT_FOUND", text.format(one)) for one in ids]

    def find(self, wanted: str) -> Any:
        for repo in self.hub.world.repositories:
            if repo_id(repo) == wanted and not repo.private:
                return RepositoryNode(self.hub, repo)
        for owner in self.hub.world.owners:
            if owner_id(owner) == wanted:
                return OwnerNode(self.hub, owner)
        return None

    def search(self, query: str, type: str, **page: Any) -> dict[str, Any]:
        if not type.startswith("ISSUE"):
            raise NotImplementedError(f"the stand-in does not model search of type {type}")
        try:
            found = search.find(self.hub.world, search.parse(query))
        except search.Invalid as fault:
            raise Refusal("UNPROCESSABLE", str(fault)) from fault
        answer = connection(found[:1000], lambda pull: PullRequestNode(self.hub, pull), page, "issueCount")
        return answer | {"issueCount": len(found)}
