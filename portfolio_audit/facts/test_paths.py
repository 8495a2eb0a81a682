"""Where pytest collects tests, if its configuration says so: scripts named like tests elsewhere are none."""

import re
from collections.abc import Iterator

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.tree import KIB, SourceTree

_FILES = frozenset(("pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"))
_SET = re.compile(
    r"(?m)^[ \t]*testpaths[ \t]*=[ \t]*(\[[^\]]{0,1000}\]|[^\n]{0,300}(?:\n[ \t]+[^\s=#;][^\n=]{0,200}){0,20})"
)
_ITEM = re.compile(r"[^\s\"',\[\]]+")


def is_collected(path: str, places: dict[str, tuple[str, ...]]) -> bool:
    """Whether a file lies where pytest looks for tests, going by the configuration in the nearest folder above it."""
    folder = path.rpartition("/")[0]
    while folder and folder not in places:
        folder = folder.rpartition("/")[0]
    above = f"{folder}/" if folder else ""
    return folder not in places or any(
        path == above + each or path.startswith(f"{above}{each}/") for each in places[folder]
    )


def places_of_tests(tree: SourceTree) -> dict[str, tuple[str, ...]]:
    """The places that configurations name, by the folder of the configuration ("" is the root).

    Without an entry everything is collected, and so it is where a place is named by a pattern.
    """
    found: dict[str, tuple[str, ...]] = {}
    for folder, named in _settings(tree):
        if named and not any("*" in each or "?" in each or each in (".", "./") for each in named):
            found.setdefault(folder, named)
    return found


def _settings(tree: SourceTree) -> Iterator[tuple[str, tuple[str, ...]]]:
    for file in tree.derive(paths.own_files):
        folder, _, base = file.path.rpartition("/")
        if base not in _FILES or file.size > 256 * KIB:
            continue
        try:
            text = tree.text(file.path)
        except Unavailable:
            continue
        setting = _SET.search(text) if "testpaths" in text else None
        if setting is not None:
            yield folder, tuple(each.removeprefix("./").rstrip("/") for each in _ITEM.findall(setting[1]))
