"""REST bodies of git objects: trees, blobs and commits."""

from __future__ import annotations

import base64
from datetime import datetime

from tests.ghstub.git import Clone, Entry
from tests.ghstub.hub import node_id
from tests.ghstub.page import Object, stamp
from tests.ghstub.shapes import Shapes
from tests.ghstub.world import Repo

UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


class GitShapes(Shapes):
    """All bodies."""

    def tree(self, repo: Repo, oid: str, entries: list[Entry], recursive: bool) -> Object:
        """A tree listing, cut at the repository's limit."""
        home = f"{self.base}/repos/{repo.full_name}/git"
        limit = (repo.tree_limit or 100_000) if recursive else 100_000
        listed = []
        for entry in entries[:limit]:
            path = entry.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            item: Object = {"path": path, "mode": entry.mode, "type": entry.kind, "sha": entry.oid}
            if entry.kind == "blob":
                item["size"] = entry.size or 0
            if entry.kind != "commit":
                item["url"] = f"{home}/{entry.kind}s/{entry.oid}"
            listed.append(item)
        url = f"{home}/trees/{oid}"
        return {"sha": oid, "url": url, "tree": listed, "truncated": len(entries) > limit}

    def blob(self, repo: Repo, oid: str, data: bytes) -> Object:
        return {
            "sha": oid,
            "node_id": node_id("B", int(oid[:9], 16)),
            "size": len(data),
            "url": f"{self.base}/repos/{repo.full_name}/git/blobs/{oid}",
            "content": base64.encodebytes(data).decode(),
            "encoding": "base64",
        }

    def git_commit(self, repo: Repo, clone: Clone, oid: str) -> Object:
        """The bare commit object; other forms are made from it."""
        layout = "%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%T%x00%P%x00%B"
        one = clone.run("log", "-1", f"--format={layout}", oid).decode().rstrip("\n").split("\0")
        home = f"{self.base}/repos/{repo.full_name}/git"
        html = self.hub.web(repo.full_name, "commit")
        return {
            "sha": oid,
            "node_id": node_id("C", int(oid[:9], 16)),
            "url": f"{home}/commits/{oid}",
            "html_url": f"{html}/{oid}",
            "author": {"name": one[0], "email": one[1], "date": utc(one[2])},
            "committer": {"name": one[3], "email": one[4], "date": utc(one[5])},
            "tree": {"sha": one[6], "url": f"{home}/trees/{one[6]}"},
            "message": one[8],
            "parents": [
                {"sha": sha, "url": f"{home}/commits/{sha}", "html_url": f"{html}/{sha}"} for sha in one[7].split()
            ],
            "verification": UNSIGNED,
        }

    def commit(self, repo: Repo, clone: Clone, oid: str) -> Object:
        """A commit with its author's account, as commit lists hold it."""
        plain = self.git_commit(repo, clone, oid)
        home = f"{self.base}/repos/{repo.full_name}/commits/{oid}"
        inner = {key: plain[key] for key in ("author", "committer", "message", "tree", "url", "verification")}
        people = [self.account(plain[role]["email"]) for role in ("author", "committer")]
        parents = [one | {"url": one["url"].replace("/git/", "/")} for one in plain["parents"]]
        return {
            "sha": oid,
            "node_id": plain["node_id"],
            "commit": inner | {"comment_count": 0},
            "url": home,
            "html_url": plain["html_url"],
            "comments_url": f"{home}/comments",
            "author": people[0],
            "committer": people[1],
            "parents": parents,
        }

    def account(self, email: str) -> Object | None:
        """The account an address belongs to."""
        login = email.removesuffix("@users.noreply.github.com").rpartition("+")[2]
        owner = self.hub.world.owner(login) if email.endswith("@users.noreply.github.com") else None
        return self.simple_user(owner) if owner else None


def utc(text: str) -> str | None:
    return stamp(datetime.fromisoformat(text))
