"""What a GraphQL document costs, and what GitHub refuses before running it.

The figures follow the published rules ("Resource limitations" of the GraphQL documentation): every connection
costs as many requests as the product of the page sizes around it, their sum divided by 100 and rounded is the
price in points (at least 1); every connection that yields nodes needs ``first`` or ``last`` from 1 to 100; a
call may ask for at most 500,000 nodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    value_from_ast_untyped,
)
from msgspec import Struct

NODE_LIMIT = 500_000
PAGE_LIMIT = 100
SCOPED = {("User", "email"): "['user:email', 'read:user']", ("User", "organizations"): "['read:org']"}


class Cost(Struct):
    """Requests, nodes and errors of a document; the price is in points."""

    requests: int = 0
    nodes: int = 0
    errors: list[dict[str, Any]] = []

    @property
    def points(self) -> int:
        return max(1, (self.requests + 50) // 100)


def price(schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> Cost:
    """The cost of the only operation of a valid document, both sides of every type condition counted."""
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    given = {
        node.variable.name.value: value_from_ast_untyped(node.default_value)
        for node in operation.variable_definitions or ()
        if node.default_value
    } | dict(variables)
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    counter = Counter(schema, fragments, given)
    counter.walk(operation.selection_set, schema.query_type, 1, ())
    if counter.cost.nodes > NODE_LIMIT:
        counter.refuse(
            "MAX_NODE_LIMIT_EXCEEDED",
            f"This query requests up to {counter.cost.nodes:,} possible nodes which exceeds the maximum limit "
            f"of {NODE_LIMIT:,}.",
            (),
        )
    return counter.cost


class Counter:
    """Walks one operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.variables = variables
        self.cost = Cost(errors=[])

    def refuse(self, kind: str, message: str, path: tuple[str, ...]) -> None:
        self.cost.errors.append({"type": kind, "path": list(path), "message": message})

    def arguments(self, node: FieldNode) -> dict[str, Any]:
        return {
            argument.name.value: value_from_ast_untyped(argument.value, dict(self.variables))
            for argument in node.arguments or ()
        }

    def left_out(self, node: FieldNode | InlineFragmentNode | FragmentSpreadNode) -> bool:
        """Whether @include or @skip takes the selection out."""
        for mark in node.directives or ():
            condition = value_from_ast_untyped(mark.arguments[0].value, dict(self.variables))  # type: ignore[index]
            if condition == (mark.name.value == "skip"):
                return True
        return False

    def fields(self, selections: SelectionSetNode, parent: Any) -> Iterator[tuple[FieldNode, Any]]:
        """Every selected field with its parent type, fragments opened."""
        for node in selections.selections:
            if self.left_out(node):  # type: ignore[arg-type]
                continue
            if isinstance(node, FieldNode):
                yield node, parent
            elif isinstance(node, InlineFragmentNode):
                narrowed = self.schema.type_map[node.type_condition.name.value] if node.type_condition else parent
                yield from self.fields(node.selection_set, narrowed)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                narrowed = self.schema.type_map[fragment.type_condition.name.value]
                yield from self.fields(fragment.selection_set, narrowed)

    def walk(self, selections: SelectionSetNode, parent: Any, times: int, path: tuple[str, ...]) -> None:
        """Add what lies below, which is asked ``times`` times."""
        for node, owner in self.fields(selections, parent):
            name = node.name.value
            if name.startswith("__") or not isinstance(owner, (GraphQLObjectType, GraphQLInterfaceType)):
                continue
            here = (*path, node.alias.value if node.alias else name)
            if scopes := SCOPED.get((owner.name, name)):
                self.refuse(
                    "INSUFFICIENT_SCOPES",
                    "Your token has not been granted the required scopes to execute this query. "
                    f"The '{name}' field requires one of the following scopes: {scopes}, but your token has "
                    "only been granted the: [''] scopes.",
                    here,
                )
            kind = get_named_type(owner.fields[name].type)
            inner = times
            if owner is self.schema.query_type and name == "nodes":
                inner = times * len(self.arguments(node).get("ids") or ())
                self.cost.nodes += inner
                if inner > PAGE_LIMIT:
                    self.refuse(
                        "ARGUMENT_LIMIT",
                        f"You may not provide more than 100 node ids; you provided {inner}.",
                        here,
                    )
            elif kind.name.endswith("Connection"):
                inner = times * self.page(node, here)
                self.cost.requests += times
                self.cost.nodes += inner
            if node.selection_set:
                self.walk(node.selection_set, kind, inner, here)

    def page(self, node: FieldNode, path: tuple[str, ...]) -> int:
        """The page size of a connection, 0 when no nodes are asked; refusals are noted."""
        arguments = self.arguments(node)
        name = node.name.value
        size = arguments.get("first")
        word = "first" if size is not None else "last"
        size = size if size is not None else arguments.get("last")
        if size is None:
            selected = node.selection_set.selections if node.selection_set else ()
            plain = {item.name.value for item in selected if isinstance(item, FieldNode)}
            if plain & {"nodes", "edges"} or any(not isinstance(item, FieldNode) for item in selected):
                self.refuse(
                    "MISSING_PAGINATION_BOUNDARIES",
                    f"You must provide a `first` or `last` value to properly paginate the `{name}` connection.",
                    path,
                )
            return 0
        if size > PAGE_LIMIT:
            self.refuse(
                "EXCESSIVE_PAGINATION",
                f"Requesting {size} records on the `{name}` connection exceeds the `{word}` limit of 100 records.",
                path,
            )
        elif size < 1:
            self.refuse("INVALID_PAGINATION", f"`{word}` on the `{name}` connection cannot be less than one.", path)
        return max(0, int(size))
