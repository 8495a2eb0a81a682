"""The world as one moment's answers need it: repositories opened, languages counted, addresses formed."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePosixPath

from tests.ghstub.git import Clone, history, open_repo
from tests.ghstub.world import File, Owner, PullRequest, Repo, World

LANGUAGES = {
    ".py": ("Python", "#3572A5"),
    ".ipynb": ("Jupyter Notebook", "#DA5B0B"),
    ".r": ("R", "#198CE7"),
    ".js": ("JavaScript", "#f1e05a"),
    ".jsx": ("JavaScript", "#f1e05a"),
    ".ts": ("TypeScript", "#3178c6"),
    ".tsx": ("TypeScript", "#3178c6"),
    ".go": ("Go", "#00ADD8"),
    ".rs": ("Rust", "#dea584"),
    ".java": ("Java", "#b07219"),
    ".cpp": ("C++", "#f34b7d"),
    ".c": ("C", "#555555"),
    ".m": ("MATLAB", "#e16737"),
    ".jl": ("Julia", "#a270ba"),
    ".html": ("HTML", "#e34c26"),
    ".css": ("CSS", "#663399"),
    ".sh": ("Shell", "#89e051"),
}
NAMED = {"Dockerfile": ("Dockerfile", "#384d54"), "Makefile": ("Makefile", "#427819")}
COLOURS = dict([*LANGUAGES.values(), *NAMED.values()])

LICENCES = {
    "mit": ("MIT", "MIT License"),
    "apache-2.0": ("Apache-2.0", "Apache License 2.0"),
    "gpl-3.0": ("GPL-3.0", "GNU General Public License v3.0"),
    "bsd-3-clause": ("BSD-3-Clause", 'BSD 3-Clause "New" or "Revised" License'),
    "other": ("NOASSERTION", "Other"),
}


class Hub:
    """Reads one frozen world; all answers of one state of the stand-in share it."""

    def __init__(self, world: World, web_url: str, now: Callable[[], datetime]) -> None:
        self.world = world
        self.now = now
        self.web_url = web_url
        self.lock = threading.Lock()
        self.clones: dict[str, Clone] = {}
        self.listed: dict[str, dict[str, int]] = {}
        self.sized: dict[str, int] = {}
        self.counted: dict[str, dict[str, int]] = {}

    def clone(self, repo: Repo) -> Clone:
        """The repository's clone, built on first use."""
        with self.lock:
            if repo.full_name not in self.clones:
                self.clones[repo.full_name] = open_repo(self.world, repo)
            return self.clones[repo.full_name]

    def network(self, repo: Repo) -> Clone:
        """The clone with the objects of its parent and forks, as one fork network shares them."""
        names = {repo.full_name.lower(), (repo.parent or "").lower()}
        family = [
            other
            for other in self.world.repositories
            if other is not repo and ({other.full_name.lower(), (other.parent or "").lower()} & names)
        ]
        clone = self.clone(repo)
        others = tuple(self.clone(other).folder / "objects" for other in family)
        return Clone(clone.folder, clone.head, clone.branch, others)

    def files(self, repo: Repo) -> dict[str, int]:
        """Bytes by path at the head (0 where a clone lacks the blob)."""
        if repo.full_name not in self.listed:
            self.listed[repo.full_name] = self.list_files(repo)
        return self.listed[repo.full_name]

    def list_files(self, repo: Repo) -> dict[str, int]:
        if repo.git_dir:
            clone = self.clone(repo)
            listed = clone.entries(clone.head.tree) if clone.head else []
            return {entry.path: entry.size or 0 for entry in listed if entry.kind == "blob"}
        sizes: dict[str, int] = {}
        for commit in history(self.world, repo):
            for path in commit.remove:
                sizes.pop(path, None)
            for path, content in commit.files.items():
                file = File.of(content)
                if not file.submodule:
                    sizes[path] = len(file.content)
        return sizes

    def languages(self, repo: Repo) -> dict[str, int]:
        """Bytes by language, largest first; counted by file name unless the world says."""
        if repo.languages is not None:
            return repo.languages
        if repo.full_name not in self.counted:
            total: dict[str, int] = {}
            for path, size in self.files(repo).items():
                pure = PurePosixPath(path)
                found = NAMED.get(pure.name) or LANGUAGES.get(pure.suffix.lower())
                if found:
                    total[found[0]] = total.get(found[0], 0) + size
            ordered = sorted(total.items(), key=lambda item: (-item[1], item[0]))
            self.counted[repo.full_name] = dict(ordered)
        return self.counted[repo.full_name]

    def size(self, repo: Repo) -> int:
        """Kilobytes, history included where a real clone is served."""
        if repo.git_dir:
            if repo.full_name not in self.sized:
                parts = (path.stat().st_size for path in repo.git_dir.rglob("*") if path.is_file())
                self.sized[repo.full_name] = sum(parts) // 1024
            return self.sized[repo.full_name]
        return (sum(self.files(repo).values()) + 1023) // 1024

    def created(self, repo: Repo) -> datetime:
        """When the repository was made; of a real clone it is only known that its first commit is no younger."""
        clone = self.clone(repo)
        if not repo.git_dir or clone.head is None:
            return repo.created_at
        lines = clone.run("log", "--max-parents=0", "--format=%cI", clone.head.oid).decode().split()
        return min(datetime.fromisoformat(line) for line in lines)

    def first_file(self, repo: Repo, *names: str) -> str | None:
        """The first of these names in the root, ``.github`` or ``docs``, whatever the case."""
        paths = {path.lower(): path for path in self.files(repo)}
        for name in names:
            for folder in (".github/", "", "docs/"):
                if folder + name.lower() in paths:
                    return paths[folder + name.lower()]
        return None

    def web(self, *parts: str) -> str:
        return "/".join((self.web_url, *parts))


def node_id(kind: str, number: int) -> str:
    """A global node id in the shape of the real ones."""
    return f"{kind}_kgDO{base64.urlsafe_b64encode(number.to_bytes(5, 'big')).decode().rstrip('=')}"


def owner_id(owner: Owner) -> str:
    return node_id("U" if owner.kind == "User" else "O", owner.number)


def repo_id(repo: Repo) -> str:
    return node_id("R", repo.number)


def pull_number(repo: Repo, pull: PullRequest) -> int:
    """The database id of a pull request."""
    return repo.number * 100 + pull.number
