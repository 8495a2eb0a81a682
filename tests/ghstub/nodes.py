"""GraphQL's owners and repositories over a world: one attribute or method per field that is modelled.

A field of the schema that has no attribute here is reported as a violation by the resolver, so the stand-in
never answers null for something it merely does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.ghstub.activity import contributions
from tests.ghstub.git import Clone
from tests.ghstub.gitnodes import GitNode, submodules
from tests.ghstub.hub import LICENCES, Hub, owner_id, repo_id
from tests.ghstub.leaves import deployment, language
from tests.ghstub.page import Object, Refusal, connection, plain, stamp
from tests.ghstub.world import Membership, Owner, Release, Repo

ORDER = {
    "NAME": "name",
    "PUSHED_AT": "pushed_at",
    "UPDATED_AT": "updated_at",
    "CREATED_AT": "created_at",
    "STARGAZERS": "stargazer_count",
}


class OwnerNode:
    """User and Organization."""

    def __init__(self, hub: Hub, owner: Owner) -> None:
        self.hub = hub
        self.value = owner
        self.typename = owner.kind
        self.id = owner_id(owner)
        self.database_id = owner.number
        self.login = owner.login
        self.name = owner.name
        self.bio = self.description = owner.bio
        self.company = owner.company
        self.location = owner.location
        self.website_url = owner.website
        self.twitter_username = owner.twitter
        self.pronouns = owner.pronouns
        self.is_hireable = owner.hireable
        self.is_verified = owner.verified
        self.created_at = stamp(owner.created_at)
        self.updated_at = stamp(owner.updated_at)
        self.resource_path = f"/{owner.login}"
        self.url = hub.web(owner.login)

    def avatar_url(self, size: int | None = None) -> str:
        return self.hub.web("avatars", str(self.database_id)) + (f"?s={size}" if size else "")

    def followers(self, **page: Any) -> Object:
        return {"totalCount": self.value.followers}

    def following(self, **page: Any) -> Object:
        return {"totalCount": self.value.following}

    def social_accounts(self, **page: Any) -> Object:
        def make(account: Any) -> Object:
            return {
                "provider": account.provider.upper(),
                "displayName": account.display_name or account.url,
                "url": account.url,
            }

        return connection(self.value.social, make, page)

    def pinned_items(self, types: list[str] | None = None, **page: Any) -> Object:
        names = [name if "/" in name else f"{self.login}/{name}" for name in self.value.pinned]
        found = [self.hub.world.repo(name) for name in names]
        shown = [repo for repo in found if repo and not repo.private]
        return connection(shown, lambda repo: RepositoryNode(self.hub, repo), page)

    def repositories(
        self,
        privacy: str | None = None,
        visibility: str | None = None,
        order_by: Object | None = None,
        is_fork: bool | None = None,
        is_archived: bool | None = None,
        is_locked: bool | None = None,
        has_issues_enabled: bool | None = None,
        owner_affiliations: list[str] | None = None,
        affiliations: list[str] | None = None,
        **page: Any,
    ) -> Object:
        """Public repositories the owner owns; what is private stays invisible, as for a token of a stranger."""
        nodes = [RepositoryNode(self.hub, repo) for repo in self.hub.world.of(self.login)]
        if "PRIVATE" in (privacy, visibility) or "OWNER" not in (owner_affiliations or ["OWNER"]):
            nodes = []
        for wanted, name in ((is_fork, "is_fork"), (is_archived, "is_archived"), (is_locked, "is_locked")):
            if wanted is not None:
                nodes = [node for node in nodes if getattr(node, name) == wanted]
        if order_by:
            nodes.sort(key=lambda node: node.name)
            nodes.sort(
                key=lambda node: getattr(node, ORDER[order_by["field"]]) or "",
                reverse=order_by["direction"] == "DESC",
            )
        answer = connection(nodes, plain, page)
        answer["totalDiskUsage"] = lambda: sum(node.disk_usage() for node in nodes)
        return answer

    def repository(self, name: str, follow_renames: bool = True) -> RepositoryNode | None:
        return repository(self.hub, f"{self.login}/{name}", follow_renames)

    def contributions_collection(self, **span: Any) -> Object:
        return contributions(self.value, self.hub.now(), **span) | {"user": self}

    def viewer_is_a_member(self) -> bool:
        return membership(self.hub, self.value.members) is not None

    def members_with_role(self, **page: Any) -> Object:
        """Members; a stranger sees those who show it, and is not told what they may do."""
        known = self.viewer_is_a_member() and not self.hub.world.narrow
        shown = [one for one in self.value.members if known or one.public]
        return people(self.hub, shown, page, known)

    def team(self, slug: str) -> Object | None:
        found = next((one for one in self.value.teams if one.slug == slug.lower()), None)
        viewer = membership(self.hub, self.value.members)
        if found is None or viewer is None:
            return None
        if found.secret and viewer.role != "ADMIN" and membership(self.hub, found.members) is None:
            return None
        return {
            "slug": found.slug,
            "name": found.slug,
            "members": lambda membership=None, role=None, **page: people(self.hub, found.members, page, True),
        }


class RepositoryNode:
    """Repository."""

    typename = "Repository"

    def __init__(self, hub: Hub, repo: Repo) -> None:
        self.hub = hub
        self.value = repo
        self.clone: Clone = hub.clone(repo)
        head = self.clone.head
        self.id = repo_id(repo)
        self.database_id = repo.number
        self.name = repo.name
        self.name_with_owner = repo.full_name
        self.url = hub.web(repo.full_name)
        self.resource_path = f"/{repo.full_name}"
        self.description = repo.description
        self.homepage_url = repo.homepage
        self.created_at = stamp(hub.created(repo))
        self.pushed_at = stamp(repo.pushed_at or (head.date if head else repo.created_at))
        self.updated_at = stamp(repo.updated_at) or self.pushed_at
        self.archived_at = stamp(repo.archived_at)
        self.stargazer_count = repo.stars
        self.fork_count = repo.forks
        self.is_archived = repo.archived
        self.is_disabled = repo.disabled or repo.blocked is not None
        self.is_empty = head is None
        self.is_fork = repo.parent is not None
        self.is_locked = repo.locked
        self.lock_reason = "MOVING" if repo.locked else None
        self.is_mirror = repo.mirror_url is not None
        self.mirror_url = repo.mirror_url
        self.is_private = repo.private
        self.is_template = repo.is_template
        self.visibility = "PRIVATE" if repo.private else "PUBLIC"
        self.has_issues_enabled = repo.has_issues
        self.has_wiki_enabled = repo.has_wiki
        self.has_discussions_enabled = repo.has_discussions
        self.has_projects_enabled = True
        self.uses_custom_open_graph_image = repo.custom_image
        self.viewer_can_administer = False

    def disk_usage(self) -> int:
        return self.hub.size(self.value)

    def owner(self) -> OwnerNode:
        owner = self.hub.world.owner(self.value.owner)
        return OwnerNode(self.hub, owner or Owner(login=self.value.owner))

    def person(self, owner: Owner) -> OwnerNode:
        return OwnerNode(self.hub, owner)

    def related(self, full_name: str | None) -> RepositoryNode | None:
        repo = self.hub.world.repo(full_name) if full_name else None
        return RepositoryNode(self.hub, repo) if repo and not repo.private else None

    def parent(self) -> RepositoryNode | None:
        return self.related(self.value.parent)

    def template_repository(self) -> RepositoryNode | None:
        return self.related(self.value.template)

    def license_info(self) -> Object | None:
        key = self.value.license
        if not key:
            return None
        spdx, name = LICENCES[key]
        url = f"http://choosealicense.com/licenses/{key}/"
        return {"__typename": "License", "key": key, "spdxId": spdx, "name": name, "url": url}

    def primary_language(self) -> Object | None:
        names = list(self.hub.languages(self.value))
        return language(names[0]) if names else None

    def languages(self, order_by: Object | None = None, **page: Any) -> Object:
        sizes = self.hub.languages(self.value)
        items = sorted(sizes.items(), key=lambda item: item[1]) if order_by is None else list(sizes.items())
        if order_by and order_by["direction"] == "ASC":
            items.reverse()
        answer = connection(items, lambda item: language(item[0]), page)
        for edge in answer["edges"]:
            edge["size"] = sizes[edge["node"]["name"]]
        return answer | {"totalSize": sum(sizes.values())}

    def repository_topics(self, **page: Any) -> Object:
        def make(name: str) -> Object:
            return {"topic": {"name": name}, "url": self.hub.web("topics", name)}

        return connection(self.value.topics, make, page)

    def default_branch_ref(self) -> Object | None:
        if self.clone.head is None:
            return None
        name = self.value.default_branch
        target = GitNode(self, self.clone.head.oid, "Commit")
        return {"name": name, "prefix": "refs/heads/", "target": target, "repository": self}

    def object(self, expression: str | None = None, oid: str | None = None) -> GitNode | None:
        found = self.clone.object(expression or oid or "")
        return GitNode(self, found[0], found[1].capitalize(), found[2]) if found else None

    def releases(self, order_by: Object | None = None, **page: Any) -> Object:
        items = sorted(self.value.releases, key=lambda item: item.created_at)
        if order_by is None or order_by["direction"] == "DESC":
            items.reverse()
        return connection(items, self.release, page)

    def release(self, item: Release) -> Object:
        return {
            "tagName": item.tag,
            "name": item.name or item.tag,
            "isPrerelease": item.prerelease,
            "isDraft": item.draft,
            "createdAt": stamp(item.created_at),
            "publishedAt": stamp(item.published_at),
            "url": f"{self.url}/releases/tag/{item.tag}",
        }

    def latest_release(self) -> Object | None:
        final = [item for item in self.value.releases if not item.prerelease and not item.draft]
        return self.release(max(final, key=lambda item: item.created_at)) if final else None

    def deployments(self, order_by: Object | None = None, **page: Any) -> Object:
        items = sorted(self.value.deployments, key=lambda item: item.created_at)
        if order_by and order_by["direction"] == "DESC":
            items.reverse()
        return connection(items, deployment, page)

    def issues(self, **page: Any) -> Object:
        return {"totalCount": self.value.open_issues}

    def pull_requests(self, **page: Any) -> Object:
        return {"totalCount": self.value.open_pull_requests}

    def watchers(self, **page: Any) -> Object:
        return {"totalCount": self.value.watchers}

    def stargazers(self, **page: Any) -> Object:
        raise Refusal("FORBIDDEN", "Resource not accessible by personal access token")

    def code_of_conduct(self) -> Object | None:
        key = self.value.code_of_conduct
        if key is None and self.hub.first_file(self.value, "CODE_OF_CONDUCT.md"):
            key = "other"
        return {"key": key, "name": key.replace("_", " ").title(), "url": None} if key else None

    def contributing_guidelines(self) -> Object | None:
        path = self.hub.first_file(self.value, "CONTRIBUTING.md", "CONTRIBUTING.rst", "CONTRIBUTING")
        if not path and not self.value.contributing:
            return None
        branch = self.value.default_branch
        return {"resourcePath": f"/{self.name_with_owner}/blob/{branch}/{path or 'CONTRIBUTING.md'}"}

    def is_security_policy_enabled(self) -> bool:
        return self.value.security_policy or self.hub.first_file(self.value, "SECURITY.md") is not None

    def funding_links(self) -> list[Object]:
        return [{"platform": name.upper(), "url": url} for name, url in self.value.funding.items()]

    def submodules(self, **page: Any) -> Object:
        known = ".gitmodules" in self.hub.files(self.value)
        return connection(submodules(self.clone) if known else [], plain, page)


def membership(hub: Hub, members: Sequence[Membership]) -> Membership | None:
    """The one among them to whom the token belongs."""
    return next((one for one in members if hub.world.viewer and one.login.lower() == hub.world.viewer.lower()), None)


def people(hub: Hub, members: Sequence[Membership], page: Object, known: bool) -> Object:
    """A connection over members, whose edges tell their roles to those who may know."""
    nodes = [OwnerNode(hub, hub.world.owner(one.login) or Owner(login=one.login)) for one in members]
    roles = {one.login: one.role if known else None for one in members}
    answer = connection(nodes, plain, page)
    for edge in answer["edges"]:
        edge["role"] = roles[edge["node"].login]
    return answer


def repository(hub: Hub, full_name: str, follow_renames: bool = True) -> RepositoryNode:
    """The repository of that name; GitHub's error when there is none to see."""
    repo = hub.world.repo(full_name, renames=follow_renames)
    if repo is None or repo.private:
        raise Refusal("NOT_FOUND", f"Could not resolve to a Repository with the name '{full_name}'.")
    return RepositoryNode(hub, repo)
