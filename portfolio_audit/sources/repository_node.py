"""One repository as the overview query answers it, and as the record that the rest of the program reads."""

import msgspec

from portfolio_audit.snapshot import Parent, RepositoryRecord


class _Camel(msgspec.Struct, rename="camel"):
    """Root of the shapes below: the answer's fields that are read, everything nullable that may be null."""


class _Name(_Camel):
    name: str


class _Oid(_Camel):
    oid: str


class _Target(_Camel):
    oid: str
    committed_date: str | None = None
    tree: _Oid | None = None


class _Branch(_Camel):
    target: _Target | None = None
    name: str | None = None


class _Parent(_Camel):
    name_with_owner: str
    default_branch_ref: _Branch | None = None


class _FullName(_Camel):
    name_with_owner: str


class _License(_Camel):
    key: str
    spdx_id: str | None = None


class _Edge(_Camel):
    size: int
    node: _Name


class _Languages(_Camel):
    edges: list[_Edge | None] | None = None


class _Topic(_Camel):
    topic: _Name


class _Topics(_Camel):
    nodes: list[_Topic | None] | None = None


class RepositoryNode(_Camel):
    """One repository of the overview query."""

    id: str
    name: str
    name_with_owner: str
    url: str | None = None
    description: str | None = None
    homepage_url: str | None = None
    created_at: str | None = None
    pushed_at: str | None = None
    disk_usage: int | None = None
    is_archived: bool = False
    is_disabled: bool = False
    is_empty: bool = False
    is_fork: bool = False
    is_locked: bool = False
    is_mirror: bool = False
    is_template: bool = False
    parent: _Parent | None = None
    template_repository: _FullName | None = None
    license_info: _License | None = None
    primary_language: _Name | None = None
    languages: _Languages | None = None
    repository_topics: _Topics | None = None
    default_branch_ref: _Branch | None = None


def as_record(node: RepositoryNode, unavailable: dict[str, str]) -> RepositoryRecord:
    """The node as a record; `unavailable` maps parts that the service would not give to its reason."""
    branch = node.default_branch_ref
    target = branch.target if branch else None
    if node.is_disabled:
        unavailable = unavailable | {"tree": "disabled by the service"}
    parent_branch = node.parent.default_branch_ref if node.parent else None
    spdx = node.license_info.spdx_id or node.license_info.key if node.license_info else None
    edges = node.languages.edges if node.languages and node.languages.edges else []
    topics = node.repository_topics.nodes if node.repository_topics and node.repository_topics.nodes else []
    return RepositoryRecord(
        id=node.id,
        name=node.name,
        full_name=node.name_with_owner,
        url=node.url,
        description=node.description,
        homepage=node.homepage_url or None,
        topics=tuple(topic.topic.name for topic in topics if topic),
        language=node.primary_language.name if node.primary_language else None,
        languages={edge.node.name: edge.size for edge in edges if edge},
        default_branch=branch.name if branch else None,
        head=target.oid if target else None,
        tree=target.tree.oid if target and target.tree else None,
        created_at=node.created_at,
        pushed_at=node.pushed_at,
        committed_at=target.committed_date if target else None,
        size_kb=node.disk_usage,
        fork=node.is_fork,
        archived=node.is_archived,
        template=node.is_template,
        mirror=node.is_mirror,
        empty=node.is_empty,
        disabled=node.is_disabled,
        locked=node.is_locked,
        parent=Parent(
            node.parent.name_with_owner,
            parent_branch.target.oid if parent_branch and parent_branch.target else None,
        )
        if node.parent
        else None,
        template_of=node.template_repository.name_with_owner if node.template_repository else None,
        license=spdx,
        unavailable=unavailable,
    )
