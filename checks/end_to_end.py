"""End to end: whether a project goes from a model to something that people can use."""

from portfolio_audit.api import Evidence, Outcome, check, failed, not_applicable, partial, passed
from portfolio_audit.facts.end_to_end import EndToEnd
from portfolio_audit.facts.readme import Readme
from portfolio_audit.facts.standing import Coursework
from portfolio_audit.facts.words import joined

HOW = {
    "a model": "train one or call one",
    "an API": "serve the model by FastAPI or the like",
    "a frontend": "put a page in front of it",
    "a container or deploy configuration": "pack it in a Dockerfile",
}


@check(id="end-to-end-parts", title="A model is served, has a frontend and is packed for deployment")
def has_all_parts(project: EndToEnd, readme: Readme | None, course: Coursework | None) -> Outcome:
    """A working application shows what a notebook cannot: that its author can take a model to its users."""
    if readme is not None and readme.library is not None and len(project.found) < 3:
        return not_applicable("a package to install, not an application")
    if course is not None and course.notes and len(project.found) < 3:
        return not_applicable("notes of a course, not an application")
    shown = [
        Evidence(path=part.location.path, line=part.location.line, note=part.name)
        for part in project.found
        if part.location is not None
    ]
    if not project.missing:
        return passed("model, API, frontend and deployment are all there", evidence=shown)
    lacking = joined([part.name for part in project.missing])
    fix = f"Add {lacking}: {joined([HOW[part.name] for part in project.missing])}."
    if len(project.found) < 2:
        searched = "code, manifests and configuration"
        said = f"only {project.found[0].name} found; not found: {lacking}" if project.found else f"{lacking} not found"
        seen = [] if project.incomplete else shown
        return failed(said, fix=fix, effort="days", evidence=seen, searched=searched)
    score = (len(project.found) - 1) / 3
    said = f"{len(project.found)} of 4 parts; {lacking} not found"
    if project.incomplete:
        return partial(score, said, fix=fix, effort="days", evidence=shown, confidence=0.6)
    return partial(score, said, fix=fix, effort="days", evidence=shown)
