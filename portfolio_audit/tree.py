"""One repository's files in memory: what git would list, with the bytes that the facts may read.

A tree is built by `archive` or `sources.local` inside a worker and never leaves it. Nothing here touches a disk.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeVar

from portfolio_audit.errors import Refused, Unavailable
from portfolio_audit.snapshot import Limit, Value

T = TypeVar("T")

KIB = 1024
MIB = 1024 * KIB


class File(Value, frozen=True):
    """One entry of a tree. `oid` is the git blob id (null where the content was never seen); `size` is in bytes."""

    path: str
    size: int
    oid: str | None = None
    kind: Literal["file", "executable", "symlink", "submodule"] = "file"


def blob_oid(content: bytes) -> str:
    """The id that git gives this content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


class SourceTree:
    """Files of one repository at one commit.

    `contents` maps a path to the bytes kept, possibly only a head of a large file; `unread` maps a path to the
    reason why its content is not there although it exists (missing from the archive, over a budget, killed the
    parser). A path that is in neither is known by name only, because no fact reads its kind. A reading that failed for
    a reason that may be gone another time sets `passing`; `refused` are the files that a parser would not take.
    """

    def __init__(
        self,
        files: Iterable[File],
        contents: Mapping[str, bytes],
        *,
        oid: str | None = None,
        unread: Mapping[str, str] | None = None,
        limits: Iterable[Limit] = (),
        on_file: Callable[[str], None] | None = None,
    ) -> None:
        self.files: tuple[File, ...] = tuple(sorted(files, key=lambda file: file.path))
        self.oid = oid
        self.unread: dict[str, str] = dict(unread or {})
        self.limits: tuple[Limit, ...] = tuple(limits)
        self._contents = contents
        self._by_path = {file.path: file for file in self.files}
        self._derived: dict[Callable[[SourceTree], object], object] = {}
        self._on_file = on_file
        self.passing = False
        self.refused: dict[str, str] = {}

    def __contains__(self, path: object) -> bool:
        return path in self._by_path

    def file(self, path: str) -> File | None:
        """The entry of that exact path, or None."""
        return self._by_path.get(path)

    def read(self, path: str) -> bytes:
        """The whole content of a regular file.

        Raises Unavailable if the path is unread, was kept only in part, or is no regular file.
        """
        head = self.head(path)
        file = self._by_path[path]
        if len(head) < file.size:
            raise Unavailable(f"{path} is too large to read whole ({file.size} bytes)")
        return head

    def head(self, path: str) -> bytes:
        """The first bytes of a regular file, as many as were kept. Raises Unavailable if none were.

        The path is announced to the supervisor, so a file that kills the process is known by name.
        """
        if path in self.unread:
            raise Unavailable(self.unread[path])
        content = self._contents.get(path)
        file = self._by_path.get(path)
        if content is None and file is not None and file.size == 0 and file.kind in ("file", "executable"):
            return b""
        if content is None:
            raise Unavailable(f"the content of {path} is not read")
        if self._on_file is not None:
            self._on_file(path)
        return content

    def leave_files(self) -> None:
        """Tell the supervisor that what follows, good or bad, is not the doing of the file announced last."""
        if self._on_file is not None:
            self._on_file("")

    def text(self, path: str) -> str:
        """The whole content decoded as UTF-8 (byte order mark removed, bad bytes replaced). Raises Unavailable."""
        return decode(self.read(path))

    def note(self, path: str, unavailable: Unavailable) -> None:
        """Keep the reason if a parser refused this file, so that the reader learns of it by name."""
        if isinstance(unavailable, Refused):
            self.refused.setdefault(path, unavailable.reason)

    def derive(self, reading: "Callable[[SourceTree], T]") -> T:
        """The result of a reading of this tree, computed once however many facts ask for it."""
        if reading not in self._derived:
            self._derived[reading] = reading(self)
        return self._derived[reading]  # type: ignore[return-value]


def decode(content: bytes) -> str:
    """Bytes of a text file as text: UTF-16 with a mark is honoured, else UTF-8 with bad bytes replaced."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    return (
        content[3:].decode(errors="replace")
        if content.startswith(b"\xef\xbb\xbf")
        else content.decode(errors="replace")
    )


TEXT_LIMIT = 256 * KIB
CODE_LIMIT = 1 * MIB
NOTEBOOK_LIMIT = 64 * MIB
LOCK_LIMIT = 2 * MIB
HEAD_BYTES = 8 * KIB

CODE_SUFFIXES = frozenset(
    ".py .pyw .pyi .r .rmd .qmd .jl .js .jsx .mjs .cjs .ts .tsx .mts .vue .svelte .go .rs .java .kt .kts .scala .c .h "
    ".cc .cpp .hpp .cu .cs .rb .php .swift .m .mm .sh .bash .sql .lua .dart .ex .exs .hs .ml .clj .pl".split()
)
TEXT_SUFFIXES = frozenset(
    ".md .markdown .rst .txt .adoc .org .toml .yaml .yml .cfg .ini .json .jsonc .xml .html .htm .css .tf .hcl .env "
    ".example .properties .gradle .dockerfile .lock .in .mod .sum .cabal .smk .nix .bru .tex .prisma .graphql".split()
)
DATA_SUFFIXES = frozenset(
    ".csv .tsv .data .jsonl .ndjson .arff .parquet .feather .pkl .h5 .npz .xls .xlsx .db .sqlite".split()
)
LOCKS = ("poetry.lock", "uv.lock", "pdm.lock", "pipfile.lock")


def retained(path: str, size: int) -> int:
    """How many bytes of a file the facts may need: the whole file, a head, or none.

    Limits follow the starting budgets in the threat model: 1 MiB of code, 64 MiB of notebook, 256 KiB of text or
    configuration, 2 MiB of a lock file for Python, which are long in ordinary projects. Data files keep a head (their
    header row names the data set). Files without a suffix are mostly Dockerfiles, licences and ignore files, so they
    count as text.
    """
    name = path.rpartition("/")[2].lower()
    dot = name.rfind(".")
    suffix = name[dot:] if dot > 0 else ""
    if suffix == ".ipynb":
        return size if size <= NOTEBOOK_LIMIT else 0
    if suffix in CODE_SUFFIXES:
        return size if size <= CODE_LIMIT else HEAD_BYTES
    if suffix in DATA_SUFFIXES:
        return min(size, HEAD_BYTES)
    if name in LOCKS:
        return size if size <= LOCK_LIMIT else HEAD_BYTES
    if suffix in TEXT_SUFFIXES or not suffix or size <= 16 * KIB or "dockerfile" in name or name.startswith("readme"):
        return size if size <= TEXT_LIMIT else HEAD_BYTES
    return min(size, HEAD_BYTES) if size <= 512 * KIB else 0
