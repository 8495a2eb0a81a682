"""Project files: what another person needs to run the code, and to be allowed to."""

from portfolio_audit.api import Evidence, Outcome, check, failed, not_applicable, partial, passed, unknown
from portfolio_audit.facts.dependencies import Dependencies
from portfolio_audit.facts.distributions import installed_as
from portfolio_audit.facts.licensing import Licensing
from portfolio_audit.facts.slips import Missing
from portfolio_audit.facts.uncommitted import Uncommitted
from portfolio_audit.facts.words import counted, joined

MOSTLY = 0.8
"""Share of the packages whose versions are held back from which a manifest counts as firm: a tool or two may float."""
LEFT_OUT = 0.4
"""At most, where a module of its own was left out: the list may be whole, and still it does not start."""
FAILING = 0.5
"""At most, where the list holds a name that ends in an error: one word mends it, and before nothing is installed."""
MANIFEST = {
    "Python": "List what the code imports in requirements.txt or pyproject.toml, with versions (pip freeze, uv).",
    "R": "Run renv::init() and commit renv.lock.",
    "Julia": "Activate an environment of the project and commit its Project.toml and Manifest.toml.",
}
SEARCHED = {
    "Python": "requirements files, pyproject.toml, setup.py, Pipfile, environment.yml",
    "R": "DESCRIPTION, renv.lock",
    "Julia": "Project.toml",
}
PIN = "pin them in {} (pip freeze), or commit a lock file (uv, Poetry, pip-tools)."
FEW = 3
"""Imported packages that are named rather than counted alone."""
LICENSE = "Add a LICENSE file; choosealicense.com helps to choose. MIT is the usual one for a portfolio."


@check(id="dependencies-declared", title="What the code needs is listed, with versions")
def lists_what_is_needed(needs: Dependencies) -> Outcome:
    """A reviewer begins by installing it; without a list of packages and versions that ends in guessing."""
    outcome = _judged(needs)
    if needs.failing and outcome.score is not None:
        outcome = _failing(outcome, needs.failing)
    return _left_out(outcome, needs.left_out) if needs.left_out and outcome.score is not None else outcome


def _judged(needs: Dependencies) -> Outcome:
    packages = counted(needs.needed, "imported package")
    if needs.beside:
        return not_applicable("Python only stands beside code of another language, with no list of packages of its own")
    if not needs.needed:
        return unknown(f"could not be read: {needs.incomplete}")
    if needs.broken and (needs.missing or not needs.asked):
        return unknown(f"{needs.broken} could not be read")
    if not needs.manifests or not needs.asked:
        return _unlisted(needs, packages)
    place = needs.manifests[0]
    if needs.missing:
        return _incomplete(needs)
    if needs.library or needs.locks or needs.language != "Python" or needs.firm >= MOSTLY * needs.asked:
        said = _listed(needs) + (", and a lock file holds the versions" if needs.locks else "")
        return passed(said, evidence=(place, *needs.locks, *_imports(needs.commanded)))
    return _loose(needs, place)


@check(id="licence-present", title="There is a licence")
def has_a_licence(licensing: Licensing) -> Outcome:
    """Without a licence nobody may use the code, and a company's lawyers will not let their engineers touch it."""
    licence, stated = licensing.licence, licensing.stated
    if licence is not None:
        named = licence.spdx if licence.spdx and licence.spdx != "other" else "there is one"
        return passed(f"there is a licence: {named}" if named != "there is one" else named, evidence=licence.location)
    if stated is not None:
        said = f"{stated.note} is named, but the text of the licence is not there"
        return partial(0.6, said, fix=LICENSE, effort="minutes", evidence=Evidence(stated.path, stated.line))
    if licensing.below is not None:
        said = "a licence lies in a folder, none at the root"
        return partial(0.6, said, fix=LICENSE, effort="minutes", evidence=licensing.below)
    if not licensing.code_files:
        return not_applicable("there is no code to license")
    searched = f"the root among {counted(licensing.files, 'file')}, the README and the manifests"
    return failed("no licence found", fix=LICENSE, effort="minutes", searched=searched)


def _left_out(outcome: Outcome, modules: tuple[Uncommitted, ...]) -> Outcome:
    """What else is said, after modules of its own that are not there: nothing that imports them starts elsewhere."""
    first = modules[0]
    names, it = joined([each.name for each in modules]), "it" if len(modules) == 1 else "them"
    said = f"its own {names} {'is' if it == 'it' else 'are'} imported and not in the repository, so nothing that needs"
    said = f"{said} {it} can start elsewhere; {outcome.summary}"
    rules = dict.fromkeys(f"{each.pattern} in {each.rule.path} (line {each.rule.line})" for each in modules)
    fix = f"Bind {joined(list(rules))} to where it is meant, by a slash in front, or take it out; then commit"
    fix = f"{fix} {joined([each.path for each in modules])}. {outcome.fix or ''}".strip()
    places = [Evidence(each.place.path, each.place.line, note=f"imports {each.name}") for each in modules]
    rule = Evidence(first.rule.path, first.rule.line, note="leaves it out")
    return _less(outcome, LEFT_OUT, said, fix, (*places, rule))


def _failing(outcome: Outcome, packages: tuple[Missing, ...]) -> Outcome:
    """What else is said, after packages that are asked for and whose installation fails."""
    first = packages[0].place.path
    said = f"{first} asks for {joined([each.name for each in packages])}, whose installation fails; {outcome.summary}"
    instead = joined([f"{each.meant} instead of {each.name}" for each in packages])
    fix = f"Write {instead} in {first}. {outcome.fix or ''}".strip()
    places = tuple(Evidence(each.place.path, each.place.line, note=f"asks for {each.name}") for each in packages)
    return _less(outcome, FAILING, said, fix, places)


def _less(outcome: Outcome, most: float, said: str, fix: str, places: tuple[Evidence, ...]) -> Outcome:
    evidence = (*places, *outcome.evidence)
    if outcome.status == "failed":
        return failed(said, fix=fix, effort="minutes", evidence=evidence, searched=outcome.searched)
    score = min(most, outcome.score or 0.0)
    return partial(score, said, fix=fix, effort="minutes", evidence=evidence, confidence=outcome.confidence)


def _listed(needs: Dependencies) -> str:
    if needs.language != "Python":
        return "there is a manifest"
    said = f"what {_who(needs)} with is listed"
    if needs.untold:
        said = f"{said} but for {joined(needs.untold)}, which a lock file too large to be read may name"
    elif needs.commanded:
        said = f"{said} but for {_commanded(needs)}, which a command installs"
    return said + _explored(needs)


def _who(needs: Dependencies) -> str:
    return f"{'else ' if needs.failing else ''}{'its modules run' if needs.explored else 'it runs'}"


def _explored(needs: Dependencies) -> str:
    if not needs.explored:
        return ""
    rest = needs.explored_count - len(needs.explored)
    named = joined([*needs.explored, *([counted(rest, "more", "more")] if rest else [])])
    return f"; notebooks also import {named}, which no list holds"


def _loose(needs: Dependencies, place: str) -> Outcome:
    where = f"listed in {place}" if needs.asking == 1 else "that are listed"
    beside = f", beside {counted(needs.tools, 'tool')} for working on code," if needs.tools else ""
    free = needs.asked - needs.firm - len(needs.failing)
    loose = f"{counted(free, 'package')} {where}{beside} may come in any newer version"
    where = place if needs.asking == 1 else "these lists"
    said = f"what {_who(needs)} with is covered{f', but {loose}' if free > 0 else ''}{_explored(needs)}"
    fix = f"Hold the versions: {PIN.format(where)}"
    if needs.commanded:
        lacking = _commanded(needs)
        said = f"brought by a command and in no manifest: {lacking}; {loose}"
        fix = f"Add {lacking} to {place}. {fix}"
    fix += _for_tests(needs)
    return partial(0.8, said, fix=fix, effort="minutes", evidence=(place, *_imports(needs.commanded)))


def _unlisted(needs: Dependencies, packages: str) -> Outcome:
    fix = MANIFEST[needs.language]
    named = f"{joined(needs.names)} {'are' if needs.needed > 1 else 'is'} imported" if needs.needed <= FEW else packages
    if needs.inside is not None:
        some = f"{needs.installed} of them " if needs.installed < needs.needed else ""
        unlisted = f"; {needs.empty} is empty" if needs.empty else "; no manifest lists them"
        said = f"{named}, {some}brought by what a command installs{unlisted}"
        return partial(0.5, said, fix=fix, effort="minutes", evidence=(needs.inside, *needs.manifests[:1]))
    if needs.manifests:
        said = f"{named}, and {f'{needs.empty} is empty' if needs.empty else f'{needs.manifests[0]} lists none'}"
        return failed(said, fix=fix, effort="minutes", evidence=needs.manifests)
    said = f"{named}, and no list of what to install"
    return failed(said, fix=fix, effort="minutes", searched=SEARCHED[needs.language])


def _commanded(needs: Dependencies) -> str:
    """The packages that a command installs and no manifest lists."""
    rest = needs.commanded_count - len(needs.commanded)
    return joined([*(each.name for each in needs.commanded), *([counted(rest, "more", "more")] if rest else [])])


def _for_tests(needs: Dependencies) -> str:
    return f" For development also list {joined(map(installed_as, needs.testing))}." if needs.testing else ""


def _imports(packages: tuple[Missing, ...]) -> list[Evidence]:
    return [
        Evidence(each.place.path, each.place.line, note=f"{each.place.note} imports {each.name}".strip())
        for each in packages
    ]


def _incomplete(needs: Dependencies) -> Outcome:
    names = [each.name for each in needs.missing]
    added = [installed_as(each.name) for each in needs.missing if not each.meant]
    rest = needs.missing_count - len(names)
    listed = joined([*names, counted(rest, "more", "more")] if rest else names)
    said = f"{needs.missing_count} of {counted(needs.needed, 'imported package')} in no manifest: {listed}"
    score = 0.7 if needs.missing_count <= 0.25 * needs.needed else 0.4
    unlisted = [*added, counted(rest, "more", "more")] if rest else added
    lacking = joined(unlisted) if unlisted else ""
    if needs.commanded and not rest:
        lacking = ", ".join([*added, _commanded(needs)])
    slips = [f"Correct the import of {each.name}, if {each.meant} is meant." for each in needs.missing if each.meant]
    add = [f"Add to {needs.manifests[0]} what is imported and listed nowhere: {lacking}."] if lacking else []
    fix = f"{' '.join(slips + add)}{_for_tests(needs)}"
    return partial(score, said, fix=fix, effort="minutes", evidence=_imports(needs.missing), confidence=0.9)
