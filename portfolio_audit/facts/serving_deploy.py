"""Configurations of deployment: what puts a project on a machine of somebody else's, by the files that say so."""

from collections.abc import Iterable
from functools import lru_cache

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.readme_file import read_readme
from portfolio_audit.facts.words import load_table
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import KIB, SourceTree

_ASIDE = frozenset(("example", "examples", "tutorial", "tutorials"))
_KINDS = ("kind: Deployment", "kind: InferenceService")


class Framework(Value, frozen=True):
    """A framework in use, and the place that shows it."""

    name: str
    location: Location


def is_shown(path: str) -> bool:
    """Whether a file belongs to what the project does: no example, test or documentation."""
    return not (_is_aside(path.rpartition("/")[0]) or paths.is_test(path) or paths.is_documentation(path))


@lru_cache(maxsize=16_384)
def _is_aside(folder: str) -> bool:
    return any(part.strip("_") in _ASIDE for part in folder.lower().split("/"))


def deploy_files(tree: SourceTree) -> Iterable[Framework]:
    """Each platform that a file configures, those nearest to the root first."""
    data = load_table("serving")["deploy"]
    for file in sorted(tree.derive(paths.own_files), key=lambda each: (each.path.count("/"), each.path)):
        base, above = paths.name(file.path).lower(), paths.folders(file.path)
        if not is_shown(file.path):
            continue
        if base in data["files"]:
            yield Framework(data["files"][base], Location(file.path))
        elif base in data["contents"] and (line := line_with(tree, file.path, data["contents"][base][0])):
            yield Framework(data["contents"][base][1], Location(file.path, line))
        elif above and above[0] in data["folders"]:
            yield Framework(data["folders"][above[0]], Location(file.path))
        elif base.endswith(".tf"):
            yield Framework("Terraform", Location(file.path))
        elif (
            base.endswith((".yaml", ".yml"))
            and file.size < 64 * KIB
            and (line := next(filter(None, (line_with(tree, file.path, kind) for kind in _KINDS)), None))
        ):
            yield Framework("Kubernetes", Location(file.path, line))
    readme = tree.derive(read_readme) if "README.md" in tree and "README.md" not in tree.unread else None
    if readme is not None:
        for number, front in enumerate(readme.markup.front.split("\n"), 2):
            if front.strip().startswith("sdk:"):
                yield Framework("Hugging Face Space", Location(readme.path, number))


def line_with(tree: SourceTree, path: str, mark: str) -> int | None:
    """The line of the file at `path` in which the mark stands first, null if none does or it cannot be read."""
    try:
        text = tree.text(path)
    except Unavailable:
        return None
    position = text.find(mark)
    return None if position < 0 else text.count("\n", 0, position) + 1
