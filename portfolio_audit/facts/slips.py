"""Names of packages that are slips: asked for and never installed, or imported and one letter off."""

from collections.abc import Collection, Iterable, Iterator

from portfolio_audit.facts.distributions import tools
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.manifest_formats import Package, normalise
from portfolio_audit.facts.manifests import Manifest
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.facts.words import load_table
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

LEAST_LETTERS = 6
"""Of a name that may be a slip of another: short names are too often near each other."""


class Missing(Value, frozen=True):
    """A package that code imports and no manifest asks for, with its first import; `meant` is what it may be a slip of.

    Of a manifest: a package that it asks for and whose installation fails, with its line, and what is meant.
    """

    name: str
    place: Location
    meant: str = ""


def failing(manifests: Collection[Manifest]) -> Iterator[Missing]:
    """What a requirements file asks for and ends in an error: those of the first such file.

    Environments of conda have names of their own, what stands in a pyproject.toml may be an extra, and of a file that
    was compiled into another the other is installed.
    """
    paths = {manifest.path for manifest in manifests}
    for manifest in manifests:
        compiled = manifest.path.endswith(".in") and manifest.path.removesuffix("in") + "txt" in paths
        listed = manifest.packages if manifest.path.endswith((".txt", ".in")) and not compiled else ()
        found = {each.name: Missing(each.name, Location(manifest.path, each.line), _instead(each)) for each in listed}
        wrong = [each for each in found.values() if each.meant]
        if wrong:
            yield from wrong
            return


def _instead(package: Package) -> str:
    """What is meant by a package whose installation fails; version 0.0 of sklearn installs."""
    if package.name == "sklearn" and package.pinned:
        return ""
    return str(load_table("distributions")["failing"].get(package.name, ""))


def meant(tree: SourceTree, name: str, asked: Iterable[str], missing: Collection[str]) -> str:
    """What a missing package may be a slip of: one that is asked for, or imported elsewhere; "" if of none.

    Two that are both missing are more likely two parts of one package (win32gui, win32ui) than a name and its slip. A
    digit at the end tells one package from another (psycopg2), and what a table knows is no slip.
    """
    if not _may_be_slip(name):
        return ""
    table = load_table("distributions")
    if any(each in one for one in (table["provided"], table["brings"], tools()) for each in (name, normalise(name))):
        return ""
    imports = {each.package for module in tree.derive(python_code).all for each in module.imports}
    known = sorted({*imports, *asked}.difference(missing))
    close = (each for each in known if _may_be_slip(each) and _is_near(name.lower(), each.lower()))
    return next(close, "")


def _may_be_slip(name: str) -> bool:
    return len(name) >= LEAST_LETTERS and not name[-1].isdigit()


def _is_near(one: str, other: str) -> bool:
    """Whether one letter less, more, other or swapped with its neighbour makes the one of the other."""
    if abs(len(one) - len(other)) > 1 or normalise(one) == normalise(other):
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[same:], other[same:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    return (len(left) <= 1 and len(right) <= 1) or (len(left) == 2 and left == right[::-1])
