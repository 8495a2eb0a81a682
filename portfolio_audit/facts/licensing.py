"""Under which licence the code may be used: its text at the root, or at least its name somewhere else."""

import re
from typing import ClassVar, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.licence import Licence, find_licence, identify
from portfolio_audit.facts.paths import language, name, own_files, suffix
from portfolio_audit.facts.readme_file import candidates, read_readme
from portfolio_audit.tree import SourceTree

SECTION_LINES = 6
"""Lines below a heading "License" in which its name is looked for."""

_NAME = re.compile(
    r"\b(?:MIT|Apache(?:[- ]2\.0| License)?|A?L?GPL(?:[- ]?v?[23](?:\.[01])?)?|BSD(?:[- ][234][- ]Clause)?|CC0|"
    r"MPL(?:[- ]2\.0)?|CC[- ]BY[\w.-]{0,12}|Unlicense|ISC|GNU General Public|Creative Commons|Public Domain)\b"
)
_STATING = frozenset("pyproject.toml setup.py setup.cfg package.json cargo.toml description".split())
_STATED = re.compile(
    r"^[ \t,]{0,8}[\"']?[Ll]icense[\"']?[ \t]*[:=][ \t]*(?:\{[ \t]*text[ \t]*=[ \t]*)?[\"']?"
    r"((?:MIT|Apache|A?L?GPL|BSD|MPL|ISC|CC)[\w.+ -]{0,30})",
    re.MULTILINE,
)
_WORDS = ("licen", "lizenz", "лиценз", "许可", "授權", "ライセンス", "라이선스")
_NONE_YET = re.compile(
    r"(?i)\b(?:choose|pick|add an?|no licen[cs]e|not (?:yet )?licensed|escolh[ae]|adicion[ae]|n[ãa]o h[áa]|sem licen|"
    r"eli[gj]e|elija|a[ñn]ad[ae]|sin licencia|no hay|w[äa]hle|keine lizenz)\b"
)
"""Of a line with a licence's name: that one is still to be chosen."""
_FOLDER = re.compile(r"(?:un)?licen[sc]e|copying")


class Licensing(TreeFact, frozen=True):
    """The licence at the root, or where one is only named. Always there.

    `stated` is where the README or a manifest names one (its note is the name), `below` a licence file in a folder.
    `code_files` counts own files of code by name, `files` all.
    """

    version: ClassVar[str] = "4"
    licence: Licence | None = None
    stated: Location | None = None
    below: str | None = None
    files: int = 0
    code_files: int = 0

    @classmethod
    def distil(cls, tree: SourceTree) -> Self:
        """Whether there is a licence is known from names; one may be named in an unread README, which is incomplete."""
        own = tree.derive(own_files)
        licence = find_licence(tree) or _in_readme(tree)
        stated = None if licence else _in_text(tree) or _in_manifest(tree)
        below = next((file.path for file in own if file.path.count("/") == 1 and _is_licence(file.path)), None)
        unread = [file.path for file in candidates(tree)[:1] if file.path in tree.unread]
        incomplete = f"{unread[0]} could not be read" if unread and not licence else None
        code = sum(1 for file in own if language(file.path))
        return cls(incomplete, licence, stated, below, len(tree.files), code)


def _is_licence(path: str) -> bool:
    stem = name(path).lower().partition(".")[0]
    return _FOLDER.fullmatch(stem) is not None and suffix(path) in ("", ".txt", ".md", ".rst")


def _in_readme(tree: SourceTree) -> Licence | None:
    """A licence whose whole text stands in the README, up to what each of these says it is provided without."""
    readme = tree.derive(read_readme)
    if readme is None or len(readme.text) < 600 or "licen" not in readme.text.lower():
        return None
    spdx = identify(readme.text)
    if "is provided" not in " ".join(readme.text.lower().split()):
        return None
    if spdx not in ("MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Unlicense", "Zlib"):
        return None
    return Licence(Location(readme.path), spdx)


def _in_text(tree: SourceTree) -> Location | None:
    """The line of the README that names the licence, beside the word or below a heading with it."""
    readme = tree.derive(read_readme)
    left = 0
    for number, line in enumerate(readme.text.split("\n"), 1) if readme else ():
        about = any(word in line.lower() for word in _WORDS)
        left = SECTION_LINES if about and line.lstrip().startswith("#") else left - 1
        if (about or left > 0) and (named := _NAME.search(line)) and not _NONE_YET.search(line):
            return Location(readme.path, number, note=named[0])  # type: ignore[union-attr]
    return None


def _in_manifest(tree: SourceTree) -> Location | None:
    """The line of a manifest at the root, or one folder below, that names the licence."""
    for file in tree.derive(own_files):
        if name(file.path).lower() in _STATING and file.path.count("/") <= 1:
            try:
                text = tree.text(file.path)
            except Unavailable:
                continue
            if stated := _STATED.search(text):
                return Location(file.path, text.count("\n", 0, stated.start(1)) + 1, note=stated[1].strip())
    return None
