"""Which files of a folder belong to the work in it, as git would see them and as they lie on disk.

Listing comes before reading, so that what is kept within the memory budget never depends on the order of a file system.
"""

import os
import stat
from collections.abc import Callable
from typing import NamedTuple

from portfolio_audit.archive.budget import Budget, LimitLog
from portfolio_audit.archive.names import readable, refusal
from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.paths import is_vendored
from portfolio_audit.sources.folder import Folder, Item
from portfolio_audit.sources.gitindex import GITLINK, SIZE_LIMIT, Tracked, Unreadable, read_index
from portfolio_audit.sources.ignore import Ignore

GIT = b".git"


class Found(NamedTuple):
    """One file or link on disk; `tracked` is its entry in the index, if it has one."""

    path: bytes
    state: os.stat_result
    tracked: Tracked | None


class Checkout:
    """One repository in the walk: where it starts, and what its index says."""

    def __init__(self, folder: Folder, base: bytes, limits: LimitLog) -> None:
        self.base = base
        self.git = base + b"/" + GIT if base else GIT
        self.index: dict[bytes, Tracked] = {}
        self.read = False
        try:
            self.index = read_index(folder.read(self.git + b"/index", SIZE_LIMIT))
            self.read = True
        except FileNotFoundError:
            pass
        except OSError:
            detail = "its .git points elsewhere, so files that are tracked although a rule ignores them are not seen"
            limits.add("git-index-unread", readable(base), detail)
        except Unreadable as fault:
            if "sparse" in str(fault):
                raise Unavailable("a sparse checkout: not all of its files are on this disk") from None
            limits.add("git-index-unread", readable(base), f"git's index could not be read: {fault}")
        self.folders = {above for path in self.index for above in _above(path)}

    def tracked(self, path: bytes) -> Tracked | None:
        """The index entry of a path given from the root of the walk."""
        return self.index.get(path[len(self.base) + 1 :] if self.base else path)

    def has_below(self, path: bytes) -> bool:
        """Whether the index has a file in that folder."""
        return (path[len(self.base) + 1 :] if self.base else path) in self.folders


def _above(path: bytes) -> list[bytes]:
    parts = path.split(b"/")[:-1]
    return [b"/".join(parts[: count + 1]) for count in range(len(parts))]


class _Place(NamedTuple):
    path: bytes
    checkout: Checkout | None
    rules: Ignore
    ignored: bool


class Walk:
    """One walk over a folder: `files` in path order, `submodules`, `checkouts` met, folders that stayed `closed`.

    Raises Unavailable if there are too many entries, and OSError if the folder itself cannot be listed.
    """

    def __init__(self, folder: Folder, budget: Budget, limits: LimitLog, on_file: Callable[[str], None]) -> None:
        self.files: list[Found] = []
        self.submodules: dict[bytes, Tracked] = {}
        self.checkouts: list[Checkout] = []
        self.closed: list[bytes] = []
        self._folder = folder
        self._budget = budget
        self._limits = limits
        self._on_file = on_file
        self._seen = self._vendored = 0
        places = [self._enter(_Place(b"", None, Ignore(), False))]
        while places:
            places.extend(self._visit(places.pop()))
        self.files.sort(key=lambda found: found.path)

    def _enter(self, place: _Place) -> _Place:
        """The place, as the start of a checkout if a `.git` lies in it."""
        git = place.path + b"/" + GIT if place.path else GIT
        if self._folder.state(git) is None:
            return place
        checkout = Checkout(self._folder, place.path, self._limits)
        self.checkouts.append(checkout)
        rules = Ignore().with_file(self._folder, place.path, git + b"/info/exclude", self._refuse_rule)
        return _Place(place.path, checkout, rules, False)

    def _visit(self, place: _Place) -> list[_Place]:
        self._on_file(readable(place.path))
        rules = place.rules
        if place.checkout is not None and not place.ignored:
            own = place.path + b"/.gitignore" if place.path else b".gitignore"
            rules = rules.with_file(self._folder, place.path, own, self._refuse_rule)
        try:
            items = self._items(place.path)
        except OSError:
            if not place.path:
                raise
            self._limits.add("folder-unread", readable(place.path), f"{readable(place.path)} could not be opened")
            self.closed.append(place.path + b"/")
            return []
        below = []
        for item in items:
            inner = self._take(place._replace(rules=rules), item)
            if inner is not None:
                below.append(inner)
        return below[::-1]

    def _items(self, path: bytes) -> list[Item]:
        items = []
        for item in self._folder.items(path):
            self._seen += 1
            if self._seen > self._budget.members:
                raise Unavailable(f"the folder has more than {self._budget.members} entries")
            if item.name != GIT:
                items.append(item)
        return sorted(items)

    def _take(self, place: _Place, item: Item) -> _Place | None:
        """Note a file or link; or hand back a folder to visit."""
        path = place.path + b"/" + item.name if place.path else item.name
        if reason := refusal(path, self._budget):
            self._limits.add("member-refused", readable(place.path), f"an entry was not read: {reason}")
            return None
        if stat.S_ISDIR(item.state.st_mode):
            return self._folder_below(place, path)
        checkout = place.checkout
        tracked = checkout.tracked(path) if checkout else None
        if tracked is None and checkout and (place.ignored or place.rules.covers(path, folder=False)):
            return None
        if not (stat.S_ISREG(item.state.st_mode) or stat.S_ISLNK(item.state.st_mode)):
            self._limits.add("not-a-file", readable(path), f"{readable(path)} is a device, pipe or socket")
            return None
        if tracked is None and is_vendored(readable(path)):
            self._vendored += 1
            if self._vendored > self._budget.vendored:
                if self._vendored == self._budget.vendored + 1:
                    detail = f"only {self._budget.vendored} files in package folders are listed"
                    self._limits.add("vendored-not-listed", "", detail)
                return None
        self.files.append(Found(path, item.state, tracked))
        return None

    def _folder_below(self, place: _Place, path: bytes) -> _Place | None:
        checkout = place.checkout
        if checkout is None:
            return self._enter(_Place(path, None, place.rules, False))
        tracked = checkout.tracked(path)
        if tracked is not None and tracked.mode == GITLINK:
            self.submodules[path] = tracked
            return None
        ignored = place.ignored or place.rules.covers(path, folder=True)
        if ignored and not checkout.has_below(path):
            return None
        if self._folder.state(path + b"/" + GIT) is not None and not checkout.has_below(path):
            detail = f"{readable(path)} is a repository of its own within this one, and no part of it"
            self._limits.add("nested-repository", readable(path), detail)
            return None
        return _Place(path, checkout, place.rules, ignored)

    def _refuse_rule(self, detail: str) -> None:
        self._limits.add("ignore-rule", "", detail)
