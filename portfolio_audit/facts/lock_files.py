"""Lock files: which of them hold the versions of a language's packages, and which packages they name.

They list what packages bring along too, so what is imported and stands in one gets installed.
"""

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.manifest_formats import normalise
from portfolio_audit.facts.manifests import Manifests
from portfolio_audit.facts.words import load_table
from portfolio_audit.tree import SourceTree

_OF_LANGUAGE = {"R": "renv.lock", "Julia": "manifest.toml"}
_FOREIGN = ("package-lock.json", "yarn.lock", "pnpm-lock.yaml", "cargo.lock", "go.sum", "renv.lock", "manifest.toml")
_NAME = '\nname = "'
"""What stands before each package's name in the lock files of Poetry, uv and PDM."""


def lock_files(manifests: Manifests, language: str) -> tuple[str, ...]:
    """The first two lock files for code of that language; the other languages of a repository have their own."""
    ending = _OF_LANGUAGE.get(language)
    named = [
        path
        for path in manifests.locks
        if (paths.name(path).lower() == ending if ending else not path.lower().endswith(_FOREIGN))
    ]
    return tuple(named[:2])


def unlocked(names: list[str], tree: SourceTree, locks: tuple[str, ...]) -> tuple[list[str], bool]:
    """The imported names that no lock file names, and whether one that could not be read may name them all the same."""
    texts = []
    untold = False
    for path in locks:
        try:
            texts.append(_names(tree.text(path)))
        except Unavailable:
            untold = True
    text = "\n".join(texts)
    provided: dict[str, str] = load_table("distributions")["provided"]
    left = [
        each
        for each in names
        if not any(name in text for name in (each.lower(), normalise(each), *provided.get(each, "").split()))
    ]
    return left, untold and bool(left)


def _names(text: str) -> str:
    """The packages' names, one a line, where the format sets them apart; else the whole text, which may say more."""
    _, *named = ("\n" + text.lower()).replace("\r", "").split(_NAME)
    return "\n".join(each.partition('"')[0] for each in named) if named else text.lower()
