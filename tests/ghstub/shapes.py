"""REST bodies in the published shapes; every address in them starts with the stand-in's own base."""

from __future__ import annotations

from tests.ghstub.hub import LICENCES, Hub, node_id, owner_id, pull_number, repo_id
from tests.ghstub.page import Object, stamp
from tests.ghstub.world import Owner, PullRequest, Release, Repo

REPO_PATHS = """
archive:/{archive_format}{/ref} assignees:{/user} blobs:/git{/sha} branches:{/branch}
collaborators:{/collaborator} comments:{/number} commits:{/sha} compare:/{base}...{head} contents:/{+path}
contributors: deployments: downloads: events: forks: git_commits:/git/commits{/sha} git_refs:/git/refs{/sha}
git_tags:/git/tags{/sha} hooks: issue_comment:/issues/comments{/number} issue_events:/issues/events{/number}
issues:{/number} keys:{/key_id} labels:{/name} languages: merges: milestones:{/number}
notifications:{?since,all,participating} pulls:{/number} releases:{/id} stargazers: statuses:/statuses/{sha}
subscribers: subscription: tags: teams: trees:/git/trees{/sha}
""".split()
USER_PATHS = (
    "followers", "following{/other_user}", "gists{/gist_id}", "starred{/owner}{/repo}", "subscriptions", "orgs",
    "repos", "events{/privacy}", "received_events",
)  # fmt: skip


class Shapes:
    """Forms bodies for one base address (that of a plain or of an enterprise mount)."""

    def __init__(self, hub: Hub, base: str) -> None:
        self.hub = hub
        self.base = base

    def owner(self, login: str) -> Owner:
        return self.hub.world.owner(login) or Owner(login=login)

    def simple_user(self, owner: Owner) -> Object:
        """The short form used inside other bodies."""
        home = f"{self.base}/users/{owner.login}"
        links = {path.split("{")[0] + "_url": f"{home}/{path}" for path in USER_PATHS}
        links["organizations_url"] = links.pop("orgs_url")
        return {
            "login": owner.login,
            "id": owner.number,
            "node_id": owner_id(owner),
            "avatar_url": self.hub.web("avatars", str(owner.number)),
            "gravatar_id": "",
            "url": home,
            "html_url": self.hub.web(owner.login),
            **links,
            "type": owner.kind,
            "user_view_type": "public",
            "site_admin": False,
        }

    def user(self, owner: Owner) -> Object:
        """The public profile, of an organisation too (the users path answers for both)."""
        return self.simple_user(owner) | {
            "name": owner.name,
            "company": owner.company,
            "blog": owner.website or "",
            "location": owner.location,
            "email": None,
            "hireable": True if owner.hireable else None,
            "bio": owner.bio,
            "twitter_username": owner.twitter,
            "public_repos": len(self.hub.world.of(owner.login)),
            "public_gists": 0,
            "followers": owner.followers,
            "following": owner.following,
            "created_at": stamp(owner.created_at),
            "updated_at": stamp(owner.updated_at),
        }

    def organization(self, owner: Owner) -> Object:
        home = f"{self.base}/orgs/{owner.login}"
        user = self.user(owner)
        kept = ("login", "id", "node_id", "avatar_url", "html_url", "name", "company", "blog", "location", "email",
                "twitter_username", "public_repos", "public_gists", "followers", "following", "created_at",
                "updated_at")  # fmt: skip
        return {key: user[key] for key in kept if user[key] is not None} | {
            "url": home,
            "repos_url": f"{home}/repos",
            "events_url": f"{home}/events",
            "hooks_url": f"{home}/hooks",
            "issues_url": f"{home}/issues",
            "members_url": home + "/members{/member}",
            "public_members_url": home + "/public_members{/member}",
            "description": owner.bio,
            "is_verified": owner.verified,
            "has_organization_projects": True,
            "has_repository_projects": True,
            "archived_at": None,
            "type": "Organization",
        }

    def repo(self, repo: Repo) -> Object:
        """The form lists use; it holds neither the newest commit nor a fork's parent."""
        home = f"{self.base}/repos/{repo.full_name}"
        html = self.hub.web(repo.full_name)
        head = self.hub.clone(repo).head
        links = {}
        for item in REPO_PATHS:
            name, _, tail = item.partition(":")
            plain = tail.startswith(("/git/", "/issues/", "/statuses/", "/{archive"))
            middle = "" if plain else f"/{name}" if name != "blobs" else ""
            links[f"{name}_url"] = home + middle + tail
        links["blobs_url"] = home + "/git/blobs{/sha}"
        pushed = stamp(repo.pushed_at or (head.date if head else repo.created_at))
        languages = list(self.hub.languages(repo))
        return {
            "id": repo.number,
            "node_id": repo_id(repo),
            "name": repo.name,
            "full_name": repo.full_name,
            "private": repo.private,
            "owner": self.simple_user(self.owner(repo.owner)),
            "html_url": html,
            "description": repo.description,
            "fork": repo.parent is not None,
            "url": home,
            **links,
            "created_at": stamp(self.hub.created(repo)),
            "updated_at": stamp(repo.updated_at) or pushed,
            "pushed_at": pushed,
            "git_url": f"git://{html.partition('://')[2]}.git",
            "ssh_url": f"git@github.com:{repo.full_name}.git",
            "clone_url": f"{html}.git",
            "svn_url": html,
            "homepage": repo.homepage or "" if repo.homepage is not None else None,
            "size": self.hub.size(repo),
            "stargazers_count": repo.stars,
            "watchers_count": repo.stars,
            "language": languages[0] if languages else None,
            "has_issues": repo.has_issues,
            "has_projects": True,
            "has_downloads": True,
            "has_wiki": repo.has_wiki,
            "has_pages": repo.has_pages,
            "has_discussions": repo.has_discussions,
            "forks_count": repo.forks,
            "mirror_url": repo.mirror_url,
            "archived": repo.archived,
            "disabled": repo.disabled or repo.blocked is not None,
            "open_issues_count": repo.open_issues + repo.open_pull_requests,
            "license": self.licence(repo.license),
            "allow_forking": True,
            "is_template": repo.is_template,
            "web_commit_signoff_required": False,
            "topics": list(repo.topics),
            "visibility": "private" if repo.private else "public",
            "forks": repo.forks,
            "open_issues": repo.open_issues + repo.open_pull_requests,
            "watchers": repo.stars,
            "default_branch": repo.default_branch,
            "permissions": {"admin": False, "maintain": False, "push": False, "triage": False, "pull": True},
        }

    def full_repo(self, repo: Repo) -> Object:
        """The form of a single repository, with parent and source of a fork."""
        body = self.repo(repo) | {
            "network_count": repo.forks,
            "subscribers_count": repo.watchers,
            "temp_clone_token": None,
        }
        parent = self.hub.world.repo(repo.parent) if repo.parent else None
        if parent and not parent.private:
            body["parent"] = self.repo(parent)
            body["source"] = self.repo(parent)
        template = self.hub.world.repo(repo.template) if repo.template else None
        if template:
            body["template_repository"] = self.repo(template)
        owner = self.owner(repo.owner)
        if owner.kind == "Organization":
            body["organization"] = self.simple_user(owner)
        return body

    def licence(self, key: str | None) -> Object | None:
        if not key:
            return None
        spdx, name = LICENCES[key]
        url = None if key == "other" else f"{self.base}/licenses/{key}"
        return {"key": key, "name": name, "spdx_id": spdx, "url": url, "node_id": node_id("L", len(key))}

    def release(self, repo: Repo, item: Release) -> Object:
        home = f"{self.base}/repos/{repo.full_name}"
        number = repo.number % 1_000_000 + 1
        return {
            "url": f"{home}/releases/{number}",
            "assets_url": f"{home}/releases/{number}/assets",
            "upload_url": f"{home}/releases/{number}/assets{{?name,label}}",
            "html_url": f"{self.hub.web(repo.full_name)}/releases/tag/{item.tag}",
            "id": number,
            "author": self.simple_user(self.owner(repo.owner)),
            "node_id": node_id("RE", number),
            "tag_name": item.tag,
            "target_commitish": repo.default_branch,
            "name": item.name or item.tag,
            "draft": item.draft,
            "prerelease": item.prerelease,
            "created_at": stamp(item.created_at),
            "published_at": stamp(item.published_at),
            "assets": [],
            "tarball_url": f"{home}/tarball/{item.tag}",
            "zipball_url": f"{home}/zipball/{item.tag}",
            "body": "",
        }

    def pull(self, pull: PullRequest) -> Object:
        """An item of an issue search that is a pull request."""
        repo = self.hub.world.repo(pull.repository)
        assert repo is not None
        author = self.hub.world.owner(pull.author)
        home = f"{self.base}/repos/{repo.full_name}"
        html = f"{self.hub.web(repo.full_name)}/pull/{pull.number}"
        closed = stamp(pull.closed_at) if pull.state != "OPEN" else None
        number = pull_number(repo, pull)
        return {
            "url": f"{home}/issues/{pull.number}",
            "repository_url": home,
            "labels_url": f"{home}/issues/{pull.number}/labels{{/name}}",
            "comments_url": f"{home}/issues/{pull.number}/comments",
            "events_url": f"{home}/issues/{pull.number}/events",
            "html_url": html,
            "id": number,
            "node_id": node_id("PR", number),
            "number": pull.number,
            "title": pull.title,
            "user": self.simple_user(author) if author else None,
            "labels": [
                {
                    "id": place + 1,
                    "node_id": node_id("LA", place + 1),
                    "url": f"{home}/labels/{name}",
                    "name": name,
                    "color": "ededed",
                    "default": False,
                    "description": None,
                }
                for place, name in enumerate(pull.labels)
            ],
            "state": "open" if pull.state == "OPEN" else "closed",
            "locked": False,
            "assignee": None,
            "assignees": [],
            "milestone": None,
            "comments": 0,
            "created_at": stamp(pull.created_at),
            "updated_at": closed or stamp(pull.created_at),
            "closed_at": closed,
            "author_association": pull.association,
            "active_lock_reason": None,
            "draft": pull.draft,
            "pull_request": {
                "url": f"{home}/pulls/{pull.number}",
                "html_url": html,
                "diff_url": f"{html}.diff",
                "patch_url": f"{html}.patch",
                "merged_at": closed if pull.state == "MERGED" else None,
            },
            "body": pull.body,
            "score": 1.0,
        }
