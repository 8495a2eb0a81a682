"""GraphQL's git objects (commit, tree, blob, tag), read from the clone when a field asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.ghstub.git import Clone
from tests.ghstub.hub import node_id, owner_id
from tests.ghstub.page import Object, connection, plain, stamp

if TYPE_CHECKING:
    from tests.ghstub.nodes import RepositoryNode

TEXT_LIMIT = 512_000


class GitNode:
    """Commit, Tree, Blob and Tag."""

    def __init__(self, repository: RepositoryNode, oid: str, typename: str, data: bytes | None = None) -> None:
        self.repository = repository
        self.oid = oid
        self.typename = typename
        self.abbreviated_oid = oid[:7]
        self.id = node_id({"Commit": "C", "Tree": "T", "Blob": "B"}.get(typename, "T"), int(oid[:9], 16))
        self.data = data
        word = {"Commit": "commit", "Tree": "tree"}.get(typename, "blob")
        self.url = self.commit_url = f"{repository.url}/{word}/{oid}"

    def log(self, layout: str) -> str:
        return self.repository.clone.run("log", "-1", f"--format={layout}", self.oid).decode().strip()

    def committed_date(self) -> str | None:
        head = self.repository.clone.head
        if head and head.oid == self.oid:
            return stamp(head.date)
        return stamp(datetime.fromisoformat(self.log("%cI")))

    def authored_date(self) -> str | None:
        return stamp(datetime.fromisoformat(self.log("%aI")))

    def message(self) -> str:
        return self.log("%B")

    def message_headline(self) -> str:
        return self.log("%s")

    def tree(self) -> GitNode:
        head = self.repository.clone.head
        oid = head.tree if head and head.oid == self.oid else self.log("%T")
        return GitNode(self.repository, oid, "Tree")

    def author(self) -> Object:
        name, email, date = self.log("%an%n%ae%n%aI").split("\n")
        login = email.partition("@")[0].rpartition("+")[2] if email.endswith("@users.noreply.github.com") else ""
        owner = self.repository.hub.world.owner(login) if login else None
        user = self.repository.person(owner) if owner and owner.kind == "User" else None
        return {"name": name, "email": email, "date": date, "user": user}

    def history(self, since: str | None = None, until: str | None = None, **page: Any) -> Object:
        """Commits reachable from here, newest first; by author id or address, date and path as asked."""
        options = [f"--since={since}"] if since else []
        options += [f"--until={until}"] if until else []
        paths = [page.pop("path")] if page.get("path") else []
        author = page.pop("author", None)
        command = ["log", "--format=%H %ae", *options, self.oid, "--", *paths]
        lines = [line.split(" ") for line in self.repository.clone.run(*command).decode().splitlines()]
        if author:
            wanted = set(author.get("emails") or ())
            if author.get("id"):
                people = [item for item in self.repository.hub.world.owners if owner_id(item) == author["id"]]
                wanted |= {f"{one.number}+{one.login}@users.noreply.github.com" for one in people}
            lines = [line for line in lines if line[1] in wanted]
        return connection([line[0] for line in lines], lambda oid: GitNode(self.repository, oid, "Commit"), page)

    def status_check_rollup(self) -> Object | None:
        head = self.repository.clone.head
        state = self.repository.value.checks
        return {"state": state} if state and head and head.oid == self.oid else None

    def submodules(self, **page: Any) -> Object:
        return connection(submodules(self.repository.clone), plain, page)

    def content(self) -> bytes:
        if self.data is None:
            found = self.repository.clone.object(self.oid)
            self.data = found[2] if found else b""
        return self.data

    def byte_size(self) -> int:
        return len(self.content())

    def is_binary(self) -> bool:
        return b"\0" in self.content()[:8000]

    def is_truncated(self) -> bool:
        return len(self.content()) > TEXT_LIMIT and not self.is_binary()

    def text(self) -> str | None:
        return None if self.is_binary() else self.content()[:TEXT_LIMIT].decode("utf-8", "replace")

    def entries(self) -> list[Object]:
        listed = self.repository.clone.entries(self.oid, recursive=False)
        return [
            {
                "name": item.path,
                "path": item.path,
                "oid": item.oid,
                "type": item.kind,
                "mode": int(item.mode, 8),
                "size": item.size or 0,
            }
            for item in listed
        ]


def submodules(clone: Clone) -> list[Object]:
    """The submodules that both ``.gitmodules`` and the tree know."""
    found = clone.object("HEAD:.gitmodules")
    if not found or not clone.head:
        return []
    listing = clone.run("config", "--blob", found[0], "--list").decode()
    settings = dict(line.split("=", 1) for line in listing.splitlines() if "=" in line)
    links = {entry.path: entry.oid for entry in clone.entries(clone.head.tree) if entry.mode == "160000"}
    names = [key[len("submodule.") : -len(".path")] for key in settings if key.endswith(".path")]
    return [
        {
            "name": name,
            "path": settings[f"submodule.{name}.path"],
            "gitUrl": settings.get(f"submodule.{name}.url", ""),
            "branch": settings.get(f"submodule.{name}.branch"),
            "subprojectCommitOid": links.get(settings[f"submodule.{name}.path"]),
        }
        for name in names
    ]
