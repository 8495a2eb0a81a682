"""Notebooks without their outputs: cells in order, and their code as one Python source.

Outputs are skipped while decoding, so a 60 MB notebook of pictures costs no more than its text; of each cell's only the
size is kept, and which errors stand in it. Every field may be of any type in a hostile or old file; what is not
understood is left out, never guessed.
"""

import json
import re
from typing import Any

import msgspec

from portfolio_audit.errors import Refused, Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.tree import CODE_LIMIT, MIB, SourceTree


class Cell(msgspec.Struct, frozen=True):
    """One cell; `number` counts all cells from 1, as a reader does. `execution` is the execution count if it ran.

    `output_bytes` is the size of its outputs as stored, `errors` the names of the exceptions left in them; a cell that
    is marked as meant to raise has none.
    """

    number: int
    kind: str
    source: str
    execution: int | None = None
    output_bytes: int = 0
    errors: tuple[str, ...] = ()

    @property
    def code(self) -> bool:
        """Whether it is a code cell with something in it."""
        return self.kind == "code" and bool(self.source.strip())


class Notebook(msgspec.Struct, frozen=True):
    """One notebook; `language` is the kernel's ("Python", "R", "Julia", …; Python where none is stated)."""

    path: str
    language: str
    cells: tuple[Cell, ...]

    def python(self) -> tuple[bytes, tuple[tuple[int, int], ...]]:
        """The code cells joined as one source, with (first line, cell number) of each.

        Magics and shell lines are commented out, so lines keep their numbers; a cell of another language (%%bash,
        %%html) is commented out whole.
        """
        lines: list[str] = []
        starts: list[tuple[int, int]] = []
        for cell in self.cells:
            if cell.code:
                starts.append((len(lines) + 1, cell.number))
                lines.extend(plain_lines(cell.source))
        return "\n".join(lines).encode("utf-8", "replace"), tuple(starts)


class Notebooks(msgspec.Struct, frozen=True):
    """All own notebooks of a tree, and those that could not be read with the reason."""

    notebooks: tuple[Notebook, ...]
    unread: dict[str, str]


_FORGIVING_LIMIT = 16 * MIB
_FOREIGN_CELL = re.compile(
    r"\s*%%(bash|sh|script|html|javascript|js|latex|markdown|svg|perl|ruby|R|sql|bigquery|writefile|file|cmd|cython|julia)\b"
)
_MAGIC = re.compile(r"\s*([%!?]|[\w.\[\]]+\?{1,2}\s*$)")


def plain_lines(source: str) -> list[str]:
    """A cell's lines with everything that is no Python made a comment."""
    lines = source.splitlines() or [""]
    if _FOREIGN_CELL.match(next((line for line in lines if line.strip()), "")):
        return [f"# {line}" for line in lines]
    return [_plain(line) for line in lines]


def _plain(line: str) -> str:
    if not _MAGIC.match(line):
        return line
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}# {line.strip()}"


def notebooks(tree: SourceTree) -> Notebooks:
    """Every own notebook. Use it as `tree.derive(notebooks)`.

    An empty file, as programs that lay out projects leave it, is no notebook yet; one whose content is missing has no
    size either, and is unread.
    """
    read: list[Notebook] = []
    unread: dict[str, str] = {}
    for file in tree.derive(paths.own_files):
        if paths.suffix(file.path) != ".ipynb" or not (file.size or file.path in tree.unread):
            continue
        try:
            content = tree.read(file.path)
            if not content.isspace():
                read.append(notebook(file.path, content))
        except Unavailable as unavailable:
            tree.note(file.path, unavailable)
            unread[file.path] = unavailable.reason
    return Notebooks(tuple(read), unread)


class _StoredCell(msgspec.Struct):
    """Only what is read; outputs are skipped without being built, and what was skipped is a view of the file."""

    cell_type: Any = None
    source: Any = None
    input: Any = None
    execution_count: Any = None
    prompt_number: Any = None
    language: Any = None
    outputs: msgspec.Raw = msgspec.Raw()
    metadata: msgspec.Raw = msgspec.Raw()


class _StoredOutput(msgspec.Struct):
    output_type: str = ""
    ename: str = ""


class _StoredSheet(msgspec.Struct):
    cells: list[_StoredCell] | None = None


class _Stored(msgspec.Struct):
    cells: list[_StoredCell] | None = None
    worksheets: list[_StoredSheet] | None = None
    metadata: Any = None


_regular = msgspec.json.Decoder(_Stored)
_outputs = msgspec.json.Decoder(list[_StoredOutput])
_ERRORS = ("error", "pyerr")
_ERROR_NAME = b'"ename"'
_PLAIN_FIELDS = frozenset(("cell_type", "source", "input", "execution_count", "prompt_number", "language"))
_EXCEPTION = re.compile(r"[^\W\d][\w.]{0,59}")


def notebook(path: str, content: bytes) -> Notebook:
    """The notebook in these bytes. Raises Unavailable if they are no notebook, or hold more code than a file may."""
    if content.startswith(b"version https://git-lfs"):
        raise Unavailable(f"{path} is kept in Git LFS")
    try:
        stored = _stored(content.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError:
        raise Refused(f"{path} is nested too deep") from None
    except ValueError as fault:
        raise Unavailable(f"{path} is no readable notebook ({type(fault).__name__})") from None
    if stored.cells is None and stored.worksheets is None:
        raise Unavailable(f"{path} has no cells")
    cells = stored.cells or [cell for sheet in stored.worksheets or () for cell in sheet.cells or ()]
    erring = _ERROR_NAME in content
    read = tuple(_cell(number, cell, erring=erring) for number, cell in enumerate(cells, 1))
    if sum(len(cell.source) for cell in read if cell.kind == "code") > CODE_LIMIT:
        raise Refused(f"{path} has more than {CODE_LIMIT // MIB} MiB of code")
    return Notebook(path, _language(stored, cells), read)


def _stored(content: bytes) -> _Stored:
    """The file decoded; an odd one (NaN in an output, a cell that is no object) by the slower forgiving reader."""
    try:
        return _regular.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        if len(content) > _FORGIVING_LIMIT:
            raise
    loose = json.loads(content.decode("utf-8", "replace"))
    if not isinstance(loose, dict):
        raise ValueError("not an object")
    cells, sheets = loose.get("cells"), loose.get("worksheets")
    return _Stored(
        cells=_cells(cells) if isinstance(cells, list) else None,
        worksheets=[_StoredSheet(_cells(sheet.get("cells"))) for sheet in _objects(sheets)] or None,
        metadata=loose.get("metadata"),
    )


def _cells(value: object) -> list[_StoredCell]:
    return [_loose_cell(cell) for cell in _objects(value)]


def _loose_cell(cell: dict[str, Any]) -> _StoredCell:
    raw = {key: msgspec.Raw(json.dumps(cell[key]).encode()) for key in ("outputs", "metadata") if key in cell}
    rest = {key: value for key, value in cell.items() if key in _PLAIN_FIELDS}
    return _StoredCell(**rest, **raw)


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _cell(number: int, stored: _StoredCell, *, erring: bool) -> Cell:
    kind = stored.cell_type if isinstance(stored.cell_type, str) else "raw"
    count = stored.execution_count if stored.execution_count is not None else stored.prompt_number
    ran = count if isinstance(count, int) and not isinstance(count, bool) and 0 <= count < 1 << 31 else None
    source = _source(stored.source if stored.source is not None else stored.input)
    size = len(stored.outputs) if len(stored.outputs) > len(b"null") else 0
    return Cell(number, kind, source, ran, size, _errors(stored.outputs, stored.metadata) if size and erring else ())


def _errors(outputs: msgspec.Raw, metadata: msgspec.Raw) -> tuple[str, ...]:
    """The names of the exceptions in these outputs, "an error" for one without a name."""
    if b"raises-exception" in bytes(metadata):
        return ()
    try:
        found = [each.ename for each in _outputs.decode(outputs) if each.output_type in _ERRORS]
    except (msgspec.DecodeError, RecursionError):
        return ()
    return tuple(name if _EXCEPTION.fullmatch(name) else "an error" for name in found)


def _source(stored: object) -> str:
    if isinstance(stored, list):
        stored = "".join(line for line in stored if isinstance(line, str))
    if not isinstance(stored, str):
        return ""
    return stored if stored.isascii() else stored.encode("utf-8", "replace").decode()


_NAMES = {
    "python": "Python", "ipython": "Python", "r": "R", "julia": "Julia", "javascript": "JavaScript", "scala": "Scala",
    "typescript": "TypeScript", "sql": "SQL", "bash": "Shell", "rust": "Rust", "go": "Go", "c++": "C++", "c#": "C#",
}  # fmt: skip


def _language(stored: _Stored, cells: list[_StoredCell]) -> str:
    metadata = stored.metadata if isinstance(stored.metadata, dict) else {}
    info, kernel = metadata.get("language_info"), metadata.get("kernelspec")
    stated = [info.get("name") if isinstance(info, dict) else None]
    stated += [kernel.get("language"), kernel.get("name")] if isinstance(kernel, dict) else []
    stated += [cell.language for cell in cells[:1]]
    for name in stated:
        if isinstance(name, str) and name.strip():
            word = re.match(r"[a-z+#]*", name.strip().lower())
            known = _NAMES.get(word[0]) if word else None
            if known:
                return known
            if name == stated[0]:
                return name
    return "Python"
