"""Cut GitHub's published GraphQL schema down to the types a portfolio can reach.

The stand-in executes queries on the official types, so that a misspelt field, a wrong argument or a broken
nullability is caught here and not on the real service. The whole schema is 1.2 MB and takes seconds to parse;
this keeps, of the types named below, every field whose own type is kept (with all its arguments), and nothing
else. Run it after ``npm i @octokit/graphql-schema`` (MIT licence, see LICENSE-octokit.md)::

    python -m tests.ghstub.trim_schema node_modules/@octokit/graphql-schema/schema.graphql
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    NamedTypeNode,
    ScalarTypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    parse,
    print_ast,
)

KEPT = frozenset(
    """
    Query RateLimit Node Actor ProfileOwner RepositoryOwner UniformResourceLocatable Starrable
    User Organization Bot Mannequin EnterpriseUserAccount
    OrganizationMemberConnection OrganizationMemberEdge Team TeamMemberConnection TeamMemberEdge
    FollowerConnection FollowingConnection SocialAccount SocialAccountConnection
    ProfileItemShowcase PinnableItem PinnableItemConnection PinnableItemEdge Gist
    Repository RepositoryInfo RepositoryNode RepositoryConnection RepositoryEdge RepositoryOwner
    StargazerConnection StargazerEdge UserConnection UserEdge OrganizationConnection
    License Language LanguageConnection LanguageEdge Topic RepositoryTopic RepositoryTopicConnection
    RepositoryTopicEdge Ref RefConnection GitObject Commit CommitConnection CommitEdge CommitHistoryConnection
    Tree TreeEntry Blob Tag GitActor StatusCheckRollup Submodule SubmoduleConnection SubmoduleEdge
    Release ReleaseConnection ReleaseEdge Deployment DeploymentConnection DeploymentEdge DeploymentStatus
    IssueConnection IssueEdge Issue PullRequest PullRequestConnection PullRequestEdge Label LabelConnection
    LabelEdge Labelable Closable Comment RepositoryNode
    CodeOfConduct ContributingGuidelines FundingLink PageInfo
    SearchResultItem SearchResultItemConnection SearchResultItemEdge
    ContributionsCollection ContributionCalendar ContributionCalendarWeek ContributionCalendarDay
    """.split()
)

LEAVES = (EnumTypeDefinitionNode, ScalarTypeDefinitionNode)
BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}


def name_of(node: TypeNode) -> str:
    """The name inside list and non-null wrappers."""
    while not isinstance(node, NamedTypeNode):
        node = node.type  # type: ignore[attr-defined]
    return node.name.value


def trim(document: DocumentNode) -> DocumentNode:
    """The same document with only the kept types, in its order, without descriptions or custom directives."""
    types: dict[str, Any] = {node.name.value: node for node in document.definitions if hasattr(node, "name")}
    leaves = {name for name, node in types.items() if isinstance(node, LEAVES)} | BUILT_IN
    missing = KEPT - types.keys()
    if missing:
        raise SystemExit(f"not in this schema: {', '.join(sorted(missing))}")
    used: set[str] = set()
    for name in sorted(KEPT):
        types[name] = node = narrow(types[name], KEPT | leaves)
        for field in getattr(node, "fields", None) or ():
            used.add(name_of(field.type))
            used.update(name_of(argument.type) for argument in field.arguments or ())
    waiting = [types[name] for name in used if name in types]
    while waiting:
        node = waiting.pop()
        if isinstance(node, InputObjectTypeDefinitionNode):
            fresh = {name_of(field.type) for field in node.fields or ()} - used
            used |= fresh
            waiting += [types[name] for name in fresh if name in types]
    return DocumentNode(definitions=tuple(bare(types[name]) for name in types if name in KEPT | used))


def narrow(node: Any, kept: frozenset[str] | set[str]) -> Any:
    """The type with only the members, interfaces and fields whose types are kept."""
    if isinstance(node, UnionTypeDefinitionNode):
        return replace(node, types=tuple(member for member in node.types or () if member.name.value in KEPT))
    return replace(
        node,
        interfaces=tuple(face for face in node.interfaces or () if face.name.value in KEPT),
        fields=tuple(field for field in node.fields or () if name_of(field.type) in kept),
    )


def bare(node: Any) -> Any:
    """The node without descriptions and without directives other than ``@deprecated``, members too."""
    changes: dict[str, Any] = {
        "directives": tuple(mark for mark in node.directives or () if mark.name.value == "deprecated")
    }
    if getattr(node, "description", None) is not None:
        changes["description"] = None
    for members in ("fields", "values", "arguments"):
        if getattr(node, members, None):
            changes[members] = tuple(bare(member) for member in getattr(node, members))
    return replace(node, **changes)


def main() -> None:
    """Write ``schema.graphql`` beside this file from the schema named on the command line."""
    source = Path(sys.argv[1]).read_text(encoding="utf-8")
    target = Path(__file__).with_name("schema.graphql")
    head = "# Cut from @octokit/graphql-schema by trim_schema.py. MIT licence: see LICENSE-octokit.md.\n\n"
    target.write_text(head + print_ast(trim(parse(source, no_location=True))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
