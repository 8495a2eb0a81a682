"""Substantial projects: three of the person's own are what a hiring manager hopes to find."""

from portfolio_audit.api import Effort, Evidence, Outcome, check, failed, partial, passed, unknown
from portfolio_audit.facts.projects import PURPOSE, Project, Projects
from portfolio_audit.facts.words import counted, joined

WANTED = 3
NUMBERS = {2: "two", 3: "three"}
BUILD = "Build {what} of your own, on data that you chose, and open {whose} README with what it is for."


@check(id="projects-three", title="There are three substantial AI or data projects of their own")
def are_three(projects: Projects) -> Outcome:
    """One project may be luck or a tutorial; three different ones show that building is what this person does."""
    good, unclear = projects.substantial, projects.unclear
    if len(good) >= WANTED:
        return passed(f"{len(good)} substantial AI or data projects", evidence=_links(good))
    if len(good) + len(unclear) >= WANTED:
        names = ", ".join(project.repository for project in unclear[:3])
        said = f"{counted(len(good), 'substantial AI or data project')} seen; could not be told of {names}"
        return unknown(said, evidence=_links(good), at_least=len(good) / WANTED)
    seen = len(good) + len(unclear) + len(projects.lacking)
    enough = f"{counted(seen, 'own repository', 'own repositories')} with enough code"
    searched = enough if seen else "own repositories; none counts as a project with enough code of its own"
    if good:
        said = f"{len(good)} of {WANTED} substantial AI or data projects"
        fix, effort = _fix(projects)
        return partial(len(good) / WANTED, said, fix=fix, effort=effort, evidence=_links(good), searched=searched)
    fix, effort = _fix(projects)
    return failed("no substantial AI or data project found", fix=fix, effort=effort, searched=searched)


def _fix(projects: Projects) -> tuple[str, Effort]:
    """What brings the nearest ones over the line and, as far as they are too few, new ones."""
    missing = WANTED - len(projects.substantial)
    near = [project.repository for project in projects.lacking if project.lacks == (PURPOSE,)][:missing]
    each = "each is" if len(near) > 1 else "it is"
    said = [f"Say in a README at the root of {joined(near)} what {each} for."] if near else []
    if len(near) == missing:
        return said[0], "minutes" if len(near) == 1 else "hours"
    more, new = missing - len(near), "more " if projects.substantial or near else ""
    one = f"{'another' if new else 'an'} AI or data project"
    what, whose = (one, "its") if more == 1 else (f"{NUMBERS[more]} {new}AI or data projects", "each")
    said.append(BUILD.format(what=what, whose=whose))
    return " ".join(said), "days"


def _links(projects: tuple[Project, ...]) -> tuple[Evidence, ...]:
    places = ((project.repository, project.purpose) for project in projects[:WANTED])
    return tuple(
        Evidence(place.path, place.line, place.end_line, note=name, repository=name) for name, place in places if place
    )
