"""What a fact is: a small frozen value read from one subject by a pure function.

The type in a check's signature is the whole registration: from it the engine knows what to read, when a check
does not apply (`distil` answered None) and when the answer is unknown (`distil` raised Unavailable).
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeVar

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.snapshot import Limit, RepositoryRecord, Snapshot, Value
from portfolio_audit.tree import File, SourceTree

F = TypeVar("F", bound="Fact")


class Location(Value, frozen=True):
    """A place that a reader can open: lines count from 1, `path` is relative to the repository's root.

    In a notebook `line` is the line of the file as stored (JSON); `note` may add "cell 3".
    """

    path: str
    line: int | None = None
    end_line: int | None = None
    note: str = ""


class Fact(Value, frozen=True):
    """Root of all facts. A subclass is one of the three kinds below and defines `distil`.

    `absent` says in one phrase what it means that there is none ("there is no README"); without it the engine makes
    the phrase from the class's name.
    """

    absent: ClassVar[str] = ""


class TreeFact(Fact, frozen=True):
    """Read from one repository's files inside a worker, and cached by tree id and `version`.

    Nothing about a person or a repository's name may enter, since forks share trees. Raise `version` whenever the same
    tree may give another value. `incomplete` says in a few words what could not be read ("2 of 31 Python files"), or
    is None; an absence claimed from an incomplete fact is answered as unknown by the engine.
    """

    version: ClassVar[str] = "1"
    incomplete: str | None = None

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """The fact of this tree, or None if the tree has nothing of the kind. Raises Unavailable."""
        raise NotImplementedError

    @classmethod
    def key(cls) -> str:
        """The name under which workers and the store know this fact: module and class."""
        return f"{cls.__module__}:{cls.__qualname__}"


class RepositoryFact(Fact, frozen=True):
    """Put together from a repository's record and its tree facts, in the parent process.

    `reads` names the facts that `distil` asks for, so that the engine has the workers read them.
    """

    reads: ClassVar[tuple[type[Fact], ...]] = ()
    incomplete: str | None = None

    @classmethod
    def distil(cls, repository: "Repository") -> Self | None:
        """The fact of this repository, or None if there is nothing of the kind. Raises Unavailable."""
        raise NotImplementedError


class PortfolioFact(Fact, frozen=True):
    """Put together from the whole portfolio, in the parent process. `reads` is as in a repository's fact."""

    reads: ClassVar[tuple[type[Fact], ...]] = ()
    incomplete: str | None = None

    @classmethod
    def distil(cls, portfolio: "Portfolio") -> Self | None:
        """The fact of this portfolio, or None if there is nothing of the kind. Raises Unavailable."""
        raise NotImplementedError


class TreeReading(Value, frozen=True):
    """What a worker says of one tree: facts by key as JSON, null where absent; reasons for those it could not read.

    `tree` is the recomputed id of the root tree and `commit` the commit that the files are known to belong to (null
    where they are not as committed). `mismatch` means that files are missing and none of the facts was read: `files`
    then lists what is there. `changed` names files of a folder that differ from that commit. A reading that was cut
    short, or whose gaps may be filled another time, is not `cacheable`.
    """

    tree: str | None = None
    commit: str | None = None
    facts: dict[str, msgspec.Raw] = {}
    failed: dict[str, str] = {}
    limits: tuple[Limit, ...] = ()
    mismatch: bool = False
    files: tuple[File, ...] = ()
    changed: tuple[str, ...] = ()
    cacheable: bool = True


class Repository:
    """One repository as facts see it. Facts are made once and remembered.

    `reading` holds tree facts by key as encoded JSON; `reason` says why there is none.
    """

    def __init__(
        self,
        record: RepositoryRecord,
        snapshot: Snapshot,
        reading: Mapping[str, bytes] | None,
        *,
        failed: Mapping[str, str] | None = None,
        reason: str = "its files were not read",
    ) -> None:
        self.record = record
        self.snapshot = snapshot
        self._reading = reading
        self._failed = {} if failed is None else failed
        self._reason = record.unavailable.get("tree", reason)
        self._made: dict[type[Fact], Any] = {}

    @property
    def read(self) -> bool:
        """Whether the files of this repository were read at all."""
        return self._reading is not None

    @property
    def why_unread(self) -> str | None:
        """The reason why the files of this repository were not read, or None if they were."""
        return None if self.read else self._reason

    def fact(self, kind: type[F]) -> F | None:
        """The fact of that kind, None if there is nothing of the kind. Raises Unavailable."""
        if kind not in self._made:
            try:
                self._made[kind] = self._make(kind)
            except Unavailable as unavailable:
                self._made[kind] = unavailable
        made = self._made[kind]
        if isinstance(made, Unavailable):
            raise made
        return made  # type: ignore[no-any-return]

    def within(self, snapshot: Snapshot) -> "Repository":
        """The same repository and files beside another snapshot, for example one whose links were opened."""
        other = Repository(self.record, snapshot, self._reading, failed=self._failed, reason=self._reason)
        other._made = {kind: made for kind, made in self._made.items() if issubclass(kind, TreeFact)}
        return other

    def _make(self, kind: type[F]) -> F | None:
        if issubclass(kind, RepositoryFact):
            return kind.distil(self)
        if not issubclass(kind, TreeFact):
            raise TypeError(f"{kind.__name__} is no fact of a repository")
        if self._reading is None:
            raise Unavailable(self._reason)
        key = kind.key()
        if key in self._failed:
            raise Unavailable(self._failed[key])
        if key not in self._reading:
            raise Unavailable(f"{kind.__name__} was not read")
        try:
            return msgspec.json.decode(self._reading[key], type=kind | None)
        except msgspec.MsgspecError:
            raise Unavailable(f"{kind.__name__} came back in a form that cannot be read") from None


class Portfolio:
    """All repositories of one audit as facts see them."""

    def __init__(self, snapshot: Snapshot, repositories: tuple[Repository, ...]) -> None:
        self.snapshot = snapshot
        self.repositories = repositories
        self._made: dict[type[Fact], Any] = {}

    def fact(self, kind: type[F]) -> F | None:
        """The fact of that kind, None if there is nothing of the kind. Raises Unavailable."""
        if not issubclass(kind, PortfolioFact):
            raise TypeError(f"{kind.__name__} is no fact of a portfolio")
        if kind not in self._made:
            try:
                self._made[kind] = kind.distil(self)
            except Unavailable as unavailable:
                self._made[kind] = unavailable
        made = self._made[kind]
        if isinstance(made, Unavailable):
            raise made
        return made  # type: ignore[no-any-return]


def read_facts(tree: SourceTree, kinds: tuple[type[TreeFact], ...]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Each fact of the tree as JSON by key, and the reason for each that could not be read.

    An exception of a fact costs that fact and nothing else: it becomes a reason, since one odd file must never
    end an audit. Raises MemoryError only: what is left of a process without memory is not to be trusted.
    """
    facts: dict[str, bytes] = {}
    failed: dict[str, str] = {}
    for kind in kinds:
        try:
            facts[kind.key()] = msgspec.json.encode(kind.distil(tree))
        except Unavailable as unavailable:
            failed[kind.key()] = unavailable.reason
        except MemoryError:
            raise
        except (Exception, RecursionError) as fault:  # the boundary named above
            failed[kind.key()] = f"{kind.__name__} could not be read ({type(fault).__name__})"
    return facts, failed
