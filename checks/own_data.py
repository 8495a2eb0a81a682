"""Own data: the projects rest on data that not every course hands out."""

from portfolio_audit.api import Evidence, Location, Outcome, check, failed, not_applicable, passed, unknown
from portfolio_audit.facts.ai_work import AiWork
from portfolio_audit.facts.datasets import Datasets
from portfolio_audit.facts.portfolio_data import DataOf, PortfolioData
from portfolio_audit.facts.words import counted

FIX = (
    "Ask the same question of data that you collected yourself or that a public service publishes, "
    "and say in the README where they come from."
)


@check(id="data-own", title="The main data are no classic teaching data set")
def is_own(data: Datasets, work: AiWork) -> Outcome:
    """Everybody meets Titanic, MNIST and Iris in a course; solving them again shows that a tutorial was followed."""
    if data.main:
        places = [place for use in data.datasets if use.tier == "classic" for place in use.evidence]
        said = f"{data.why}, which teaching material uses again and again"
        return failed(said, fix=FIX, effort="days", evidence=places[:6])
    if work.found is False:
        return not_applicable("no model, training or data pipeline was found here")
    if data.main is None:
        return unknown(data.why, evidence=[place for use in data.datasets for place in use.evidence[:1]])
    return passed(data.why, evidence=_sources(data)[:4], searched=_searched(work))


@check(id="data-not-only-classic", title="Not every AI or data project rests on a classic teaching data set")
def are_not_only_classic(data: PortfolioData) -> Outcome:
    """One Titanic notebook is how people start; a portfolio of nothing else says that they stopped there."""
    classic, other = data.told(classic=True), data.told(classic=False)
    if other:
        use = "uses" if len(other) == 1 else "use"
        said = f"{len(other)} of {counted(len(data.projects), 'AI or data project')} {use} no classic teaching data set"
        said += f"; of {data.untold} it is open whether the data count as one" if data.untold else ""
        return passed(said, evidence=_told_apart(data))
    if data.incomplete or not classic or data.untold > len(classic):
        projects = counted(data.untold, "AI or data project")
        said = f"of {projects} it is open whether the data count as own or as a classic teaching set"
        return unknown(data.incomplete or said)
    names = ", ".join(dict.fromkeys(project.name for project in classic))
    said = f"every AI or data project of which it could be told ({len(classic)}) is on a classic teaching set: {names}"
    return failed(said, fix=FIX, effort="days", evidence=[_place(project) for project in classic[:6]])


def _told_apart(data: PortfolioData) -> list[Evidence]:
    """The projects without a classic set, then those of which it could not be told."""
    untold = [project for project in data.projects if project.classic is None]
    return [
        *(Evidence(repository=project.repository) for project in data.told(classic=False)[:6]),
        *(Evidence(repository=each.repository, note=_open(each)) for each in untold[:6]),
    ]


def _open(project: DataOf) -> str:
    """What is not known of a project: which data it has, or only what a named set counts as."""
    return f"{project.name}: open whether it counts as classic" if project.name else "the data: not told"


def _sources(data: Datasets) -> list[Location]:
    """Where the data come from, the plainest first: a file shows data, a call fetches some, an import only may."""
    files = [source.where for source in data.other_sources if source.kind == "file"]
    calling = {place.path for place in data.fetched}
    imports = [source.where for source in data.other_sources if source.kind != "file"]
    return [*files, *data.fetched, *(place for place in imports if place.path not in calling)]


def _place(project: DataOf) -> Evidence:
    where = project.where or Location("")
    return Evidence(where.path or None, where.line, where.end_line, note=where.note, repository=project.repository)


def _searched(work: AiWork) -> str:
    return f"{counted(work.searched, 'source file')}, names and headings of data files"
