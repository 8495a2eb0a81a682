"""GraphQL's pull requests, as a search returns them."""

from __future__ import annotations

from typing import Any

from tests.ghstub.hub import Hub, node_id, pull_number
from tests.ghstub.nodes import OwnerNode, RepositoryNode
from tests.ghstub.page import Object, connection, stamp
from tests.ghstub.world import PullRequest


class PullRequestNode:
    """PullRequest."""

    typename = "PullRequest"

    def __init__(self, hub: Hub, pull: PullRequest) -> None:
        self.hub = hub
        self.value = pull
        repo = hub.world.repo(pull.repository)
        assert repo is not None, f"a pull request needs its repository {pull.repository} in the world"
        self.repo = repo
        self.id = node_id("PR", pull_number(repo, pull))
        self.number = pull.number
        self.title = pull.title
        self.body = self.body_text = pull.body
        self.url = self.permalink = f"{hub.web(repo.full_name)}/pull/{pull.number}"
        self.state = pull.state
        self.merged = pull.state == "MERGED"
        self.closed = pull.state != "OPEN"
        self.is_draft = pull.draft
        self.created_at = stamp(pull.created_at)
        self.closed_at = stamp(pull.closed_at) if self.closed else None
        self.merged_at = stamp(pull.closed_at) if self.merged else None
        self.updated_at = self.closed_at or self.created_at
        self.additions = pull.additions
        self.deletions = pull.deletions
        self.changed_files = pull.changed_files
        self.author_association = pull.association

    def author(self) -> OwnerNode | None:
        owner = self.hub.world.owner(self.value.author)
        return OwnerNode(self.hub, owner) if owner else None

    def repository(self) -> RepositoryNode:
        return RepositoryNode(self.hub, self.repo)

    def labels(self, order_by: Object | None = None, **page: Any) -> Object:
        return connection(self.value.labels, lambda name: {"name": name, "color": "ededed"}, page)
