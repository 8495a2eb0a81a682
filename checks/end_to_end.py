"""End to end: whether a project goes from a model to something that people can use."""

from portfolio_audit.api import Evidence, Outcome, check, failed, not_applicable, partial, passed
from portfolio_audit.facts.end_to_end import EndToEnd
from portfolio_audit.facts.readme import Readme
from portfolio_audit.facts.standing import Coursework
from portfolio_audit.facts.words import joined

INTERFACES = ("an API", "a frontend")
PACKED = "a container or deploy configuration"
HOW = {
    "a model": "train one or call one",
    "an API": "serve the model by FastAPI or the like",
    "a frontend": "put a page in front of it",
    PACKED: "pack it in a Dockerfile",
}
ELSEWHERE = "If another repository of yours does that for this one, link the two in their READMEs."
MOVED = "Let people reach the data: an API or a page that answers from them, in a Dockerfile; best with a model on top."


@check(id="end-to-end-parts", title="A model is served, has a frontend and is packed for deployment")
def has_all_parts(project: EndToEnd, readme: Readme | None, course: Coursework | None) -> Outcome:
    """A working application shows what a notebook cannot: that its author can take a model to its users."""
    if readme is not None and readme.library is not None and len(project.found) < 3:
        return not_applicable("a package to install, not an application")
    if course is not None and course.notes and len(project.found) < 3:
        return not_applicable("notes of a course, not an application")
    if not project.missing:
        said = f"{joined([part.name for part in project.found])} are all there{_astray(project)}"
        return passed(said, evidence=_shown(project))
    lacking = joined([part.name for part in project.missing])
    fix = MOVED if _only_moves(project) else _add(project, lacking)
    outside, empty, shown = _outside(project), _empty(project) + _astray(project), _shown(project)
    if len(project.found) < 2:
        searched = "code, manifests and configuration"
        said = f"{lacking} not found{outside}{empty}"
        if project.found:
            said = f"only {project.found[0].name} found; not found{outside}: {lacking}{empty}"
        seen = [] if project.incomplete else shown
        return failed(said, fix=fix, effort="days", evidence=seen, searched=searched)
    score = (len(project.found) - 1) / 3
    said = f"{len(project.found)} of 4 parts; {lacking} not found{outside}{empty}"
    certain = 0.6 if project.incomplete else 1.0
    return partial(score, said, fix=fix, effort="days", evidence=shown, confidence=certain)


def _add(project: EndToEnd, lacking: str) -> str:
    said = f"Add {lacking}: {joined([HOW[part.name] for part in project.missing])}."
    return f"{said} {ELSEWHERE}" if _lacks_interface(project) else said


def _only_moves(project: EndToEnd) -> bool:
    """Whether data are moved and prepared here, and nothing else is seen."""
    return project.moving and not project.incomplete and all(_is_lacking(project, part) for part in INTERFACES)


def _is_lacking(project: EndToEnd, name: str) -> bool:
    return any(part.name == name for part in project.missing)


def _lacks_interface(project: EndToEnd) -> bool:
    return any(_is_lacking(project, name) for name in INTERFACES)


def _outside(project: EndToEnd) -> str:
    """Where an interface was looked for, if a notebook starts one."""
    return " outside notebooks" if project.demonstrated and _lacks_interface(project) else ""


def _empty(project: EndToEnd) -> str:
    """What stands in the place of a container file and packs nothing of the project."""
    if not _is_lacking(project, PACKED):
        return ""
    started = f"; {project.services} only starts ready-made images" if project.services else ""
    return f"; {project.blank} is empty" if project.blank else started


def _astray(project: EndToEnd) -> str:
    return f"; {project.astray.path} {project.astray.note}" if project.astray is not None else ""


def _shown(project: EndToEnd) -> list[Evidence]:
    """The place of each part, and what stands beside the missing ones."""
    places = [(part.location, part.name) for part in project.found if part.location is not None]
    if project.demonstrated and _lacks_interface(project):
        places.append((project.demonstrated, f"an app inside a notebook, {project.demonstrated.note}".rstrip(", ")))
    shown = [Evidence(path=at.path, line=at.line, note=name) for at, name in places]
    if not _empty(project):
        return shown
    empty = Evidence(path=project.blank, note="empty")
    return [*shown, empty if project.blank else Evidence(path=project.services, note="ready-made images")]
