"""The licence file at the root, and which licence its text is."""

import re

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.paths import suffix
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import KIB, File, SourceTree, decode

_STEMS = re.compile(
    r"(?:un)?licen[sc]es?|licen[cç]i?a|licenza|lizenz|copying|copyright-licen[sc]e|"
    r"(?:mit|apache|bsd|gpl|agpl)[-_]licen[sc]e"
)
_SUFFIXES = frozenset(
    ("", ".md", ".txt", ".rst", ".html", ".markdown", ".adoc", ".org", ".mit", ".apache", ".bsd", ".gpl", ".lesser")
)

# Sentences that only one licence has, tried in order; the shorter licences after those that quote them.
_TEXTS = (
    ("AGPL-3.0", "gnu affero general public license version 3"),
    ("LGPL-3.0", "gnu lesser general public license version 3"),
    ("LGPL-2.1", "gnu lesser general public license version 2.1"),
    ("GPL-3.0", "gnu general public license version 3"),
    ("GPL-2.0", "gnu general public license version 2"),
    ("Apache-2.0", "apache license version 2.0"),
    ("MPL-2.0", "mozilla public license version 2.0"),
    ("EPL-2.0", "eclipse public license - v 2.0"),
    ("Unlicense", "this is free and unencumbered software released into the public domain"),
    ("CC0-1.0", "cc0 1.0 universal"),
    ("CC-BY-NC-SA-4.0", "attribution-noncommercial-sharealike 4.0"),
    ("CC-BY-NC-ND-4.0", "attribution-noncommercial-noderivatives 4.0"),
    ("CC-BY-NC-4.0", "attribution-noncommercial 4.0"),
    ("CC-BY-SA-4.0", "attribution-sharealike 4.0"),
    ("CC-BY-4.0", "attribution 4.0 international"),
    ("BSL-1.0", "boost software license - version 1.0"),
    ("WTFPL", "do what the fuck you want to public license"),
    ("EUPL-1.2", "european union public licence v. 1.2"),
    ("Artistic-2.0", "the artistic license 2.0"),
    ("Zlib", "altered source versions must be plainly marked as such"),
    ("MIT", "permission is hereby granted, free of charge, to any person obtaining a copy"),
    ("ISC", "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"),
    ("ISC", "permission to use, copy, modify, and distribute this software for any purpose with or without fee"),
    ("BSD-4-Clause", "all advertising materials mentioning features"),
    ("BSD-3-Clause", "redistributions in binary form must reproduce the above copyright notice"),
)
_THIRD_CLAUSE = re.compile(r"neither the names? of|the names? of (?:the )?\S{1,40}.{0,80}may not be used to endorse")
_NAMED = (
    ("MIT", "mit license"),
    ("Apache-2.0", "apache-2.0"),
    ("BSD-3-Clause", "bsd 3-clause"),
    ("BSD-2-Clause", "bsd 2-clause"),
)


class Licence(Value, frozen=True):
    """A licence file. `spdx` is its identifier, "other" for a text that is none of the common ones, null if unread."""

    location: Location
    spdx: str | None = None


def find_licence(tree: SourceTree) -> Licence | None:
    """The licence file at the root, or None. An empty or blank file is none."""
    for file in tree.files:
        path = file.path.lower()
        folder, _, base = path.rpartition("/")
        if (
            (folder and folder not in ("licenses", "licences"))
            or file.kind == "submodule"
            or not (file.size or path in tree.unread)
        ):
            continue
        ending = suffix(base)
        stem = base.removesuffix(ending) if ending in _SUFFIXES else base
        if (
            folder
            or _STEMS.fullmatch(re.split(r"[-_.](?=mit|apache|bsd|gpl|code|docs|data|text|model)", stem)[0])
            or _STEMS.fullmatch(stem)
        ):
            if ending not in _SUFFIXES and "-" not in base:
                continue
            if not _is_blank(tree, file):
                return Licence(Location(file.path), _spdx(tree, file.path))
    return None


def _is_blank(tree: SourceTree, file: File) -> bool:
    try:
        return 0 < file.size < KIB and not tree.read(file.path).strip()
    except Unavailable:
        return False


def _spdx(tree: SourceTree, path: str) -> str | None:
    try:
        text = " ".join(decode(tree.head(path)[:65_536]).lower().replace(",", ", ").split()).replace(" ,", ",")
    except Unavailable:
        return None
    return identify(text)


def identify(text: str) -> str:
    """The SPDX identifier of a licence's text, "other" if it is none of the common ones."""
    plain = (
        " ".join(re.sub(r"[*#=_>~]+", " ", text.lower()).split()).replace(", version", " version").replace(" ,", ",")
    )
    for entry in _TEXTS:
        if entry[1] in plain:
            if entry[0] == "BSD-3-Clause" and not _THIRD_CLAUSE.search(plain):
                return "BSD-2-Clause"
            whole = "software is provided" in plain
            if entry[0] == "MIT" and whole and "notice shall be included" not in plain:
                return "MIT-0"
            return entry[0]
    if len(plain) < 400:
        return next((spdx for spdx, words in _NAMED if words in plain), "other")
    return "other"
