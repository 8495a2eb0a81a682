"""Settings from a file: `portfolio-audit.toml`, or `[tool.portfolio-audit]` in `pyproject.toml`.

A file inside an audited tree belongs to the person who is judged. It is therefore not looked for there, and where it
is passed by hand it may still choose nothing that decides what judges, where data comes from or where results go.
"""

import difflib
import tomllib
from pathlib import Path
from typing import Any

from portfolio_audit.errors import ConfigError

KEYS: dict[str, tuple[type, ...]] = {
    "api-url": (str,),
    "archive-url": (str,),
    "cache-dir": (str,),
    "fail-on": (list, str),
    "fail-under": (int, float),
    "format": (list, str),
    "gate": (str,),
    "max-wait": (int, float),
    "offline": (bool,),
    "output": (str,),
    "probe": (bool,),
    "rubric": (str,),
    "token-file": (str,),
}
HARMLESS = frozenset({"fail-on", "fail-under", "gate", "max-wait", "offline", "probe"})
"""Keys that a configuration inside an audited tree may set."""

FILE_LIMIT = 256 * 1024


def load(path: Path | None, *, folder: Path, audited: Path | None) -> dict[str, Any]:
    """The settings of a file, by option name.

    `path` is what `--config` named; else the file is looked for in `folder`, unless that lies in `audited`, the tree
    under audit. Raises ConfigError for an unreadable file, an unknown key (with the nearest name), a wrong type, or a
    key that a file of the audited tree may not set.
    """
    found = path if path is not None else _look(folder, audited)
    if found is None:
        return {}
    table = _table(found, required=path is not None)
    for key, value in table.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            raise ConfigError(
                f"{found}: there is no setting {key!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
                hint=f"Settings: {', '.join(sorted(KEYS))}",
            )
        if not isinstance(value, KEYS[key]) or (isinstance(value, bool) and bool not in KEYS[key]):
            raise ConfigError(f"{found}: {key} cannot be {value!r}")
    if audited is not None and _inside(found, audited):
        refused = sorted(set(table) - HARMLESS)
        if refused:
            raise ConfigError(
                f"{found}: a file inside the audited tree may not set {', '.join(refused)}",
                hint="Move the file out of the tree, or give these as options.",
            )
    return table


def _look(folder: Path, audited: Path | None) -> Path | None:
    if audited is not None and _inside(folder / "portfolio-audit.toml", audited):
        return None
    own = folder / "portfolio-audit.toml"
    if own.is_file():
        return own
    shared = folder / "pyproject.toml"
    return shared if shared.is_file() and _table(shared, required=False) else None


def _inside(path: Path, tree: Path) -> bool:
    return path.resolve().is_relative_to(tree.resolve())


def _table(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(FILE_LIMIT + 1)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > FILE_LIMIT:
        raise ConfigError(f"{path} is larger than {FILE_LIMIT} bytes")
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        if path.name == "pyproject.toml" and not required:
            return {}
        raise ConfigError(f"{path} is not valid TOML: {error}") from None
    if path.name != "pyproject.toml":
        return document
    tool = document.get("tool", {})
    table = tool.get("portfolio-audit", {}) if isinstance(tool, dict) else {}
    return table if isinstance(table, dict) else {}
