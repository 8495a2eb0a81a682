"""End to end: whether a project goes from a model to something that people can use."""

from portfolio_audit.api import Evidence, Outcome, check, failed, not_applicable, partial, passed
from portfolio_audit.facts.end_to_end import EndToEnd
from portfolio_audit.facts.readme import Readme


@check(id="end-to-end-parts", title="A model is served, has a frontend and is packed for deployment")
def has_all_parts(project: EndToEnd, readme: Readme | None) -> Outcome:
    """A working application shows what a notebook cannot: that its author can take a model to its users."""
    if readme is not None and readme.library is not None and len(project.found) < 3:
        return not_applicable("a package to install, not an application")
    shown = [
        Evidence(path=part.location.path, line=part.location.line, note=part.name)
        for part in project.found
        if part.location is not None
    ]
    if not project.missing:
        return passed("model, API, frontend and deployment are all there", evidence=shown)
    lacking = " and ".join(part.name for part in project.missing)
    fix = f"Add {lacking}: serve the model by an API, put a page in front of it, and pack both in a container."
    if len(project.found) < 2:
        searched = "code, manifests and configuration"
        return failed("AI work without an application around it", fix=fix, effort="days", searched=searched)
    score = (len(project.found) - 1) / 3
    said = f"{len(project.found)} of 4 parts; {lacking} not found"
    if project.incomplete:
        return partial(score, said, fix=fix, effort="days", evidence=shown, confidence=0.6)
    return partial(score, said, fix=fix, effort="days", evidence=shown)
