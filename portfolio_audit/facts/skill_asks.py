"""Whether something the guide asks for is visible in a portfolio: what roles and the plan of months have in common.

An ask names skills, tools and signs of which one is enough. Visible is said only with a place that shows it; what was
not seen is unknown where something could not be read.
"""

import re
from collections.abc import Callable, Iterator

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.ai_work import AiWork
from portfolio_audit.facts.certifications import Certifications
from portfolio_audit.facts.contributions import OpenSource
from portfolio_audit.facts.deployment import Deployment
from portfolio_audit.facts.fact import Fact, Location, Portfolio, Repository
from portfolio_audit.facts.pipeline import Pipeline
from portfolio_audit.facts.projects import Projects
from portfolio_audit.facts.serving import Serving
from portfolio_audit.facts.skill_signs import known, signs
from portfolio_audit.facts.skill_table import skill_table
from portfolio_audit.facts.skills import Proof, Skills, State
from portfolio_audit.facts.standing import Standing
from portfolio_audit.facts.tooling import Tooling
from portfolio_audit.facts.words import counted
from portfolio_audit.facts.workflows import Workflow
from portfolio_audit.snapshot import Value

READS: tuple[type[Fact], ...] = (
    *(Skills, Projects, OpenSource, Certifications, AiWork, Serving, Deployment, Standing),
    *(Pipeline, Tooling),
)

STEP_LANGUAGES = frozenset({"Python", "Jupyter Notebook", "R", "SQL"})
"""Languages whose scripts are recognised as steps of a pipeline."""

_PAGES = re.compile(r"pages|mkdocs|quarto|sphinx|docs\b|_site\b")
_CONTAINER = re.compile(r"(?:sudo )?docker")


class Ask(Value, frozen=True):
    """Something the guide asks for; `any` are references of which one is enough."""

    title: str
    any: str


class Answer(Value, frozen=True):
    """The answer to an ask: `through` names what shows it ("FastAPI"), `proof` where; null unless seen."""

    title: str
    state: State
    through: str = ""
    proof: Proof | None = None


def answer(ask: Ask, portfolio: Portfolio, skills: Skills) -> Answer:
    """The best answer to this ask: seen before a tutorial's, that before unknown."""
    order = ("seen", "tutorial", "unknown", "not-seen")
    found = [made for reference in ask.any.split() for made in _answers(reference, portfolio, skills)]
    best = min(found, key=lambda made: order.index(made.state), default=Answer("", "not-seen"))
    state: State = "unknown" if best.state == "not-seen" and skills.incomplete else best.state
    return Answer(ask.title, state, best.through, best.proof)


def _answers(reference: str, portfolio: Portfolio, skills: Skills) -> Iterator[Answer]:
    kind, _, id = reference.partition(":")
    if kind == "sign":
        yield SIGNS[id](portfolio)
        return
    row = skills.skill(id) if kind == "skill" else None
    tools = row.tools if row else tuple(tool for tool in (skills.tool(id),) if tool) if kind == "tool" else ()
    for tool in tools:
        yield Answer("", tool.state, tool.name, tool.proof)


def unknown_references(asks: tuple[Ask, ...]) -> tuple[str, ...]:
    """References that name nothing; the data must have none."""
    known_ones = {f"skill:{skill.id}" for skill in skill_table().skill}
    known_ones |= {f"tool:{tool.id}" for tool in skill_table().tools} | {f"sign:{name}" for name in SIGNS}
    return tuple(reference for ask in asks for reference in ask.any.split() if reference not in known_ones)


def _own(portfolio: Portfolio) -> Iterator[tuple[Repository, State]]:
    """Own repositories, the listed ones first, then copies of tutorials and followers."""
    skills = portfolio.fact(Skills)
    copies = skills.copies if skills else ()
    standings = [(each, each.fact(Standing)) for each in portfolio.repositories]
    own = [
        (each.record.full_name in copies, made.counted is not True, each.record.full_name, each)
        for each, made in standings
        if made is not None and made.own
    ]
    for copy, _, _, each in sorted(own, key=lambda row: row[:3]):
        yield each, "tutorial" if copy else "seen"


def _first(portfolio: Portfolio, look: Callable[[Repository], tuple[str, Proof] | None]) -> Answer:
    for repository, state in _own(portfolio):
        found = look(repository)
        if found is not None:
            return Answer("", state, *found)
    return Answer("", "not-seen")


def _is_model(repository: Repository) -> bool:
    work = known(repository, AiWork)
    return work is not None and bool({"training", "inference", "llm", "embedding"}.intersection(work.kinds))


def _model_api(repository: Repository) -> tuple[str, Proof] | None:
    serving = known(repository, Serving)
    if not _is_model(repository) or serving is None or not serving.api:
        return None
    return serving.api[0].name, Proof(repository.record.full_name, serving.api[0].location)


def _deployed(repository: Repository) -> tuple[str, Proof] | None:
    """A running instance of something with a model, or a configuration or a workflow that puts it somewhere."""
    if not _is_model(repository):
        return None
    name = repository.record.full_name
    deployment, serving = known(repository, Deployment), known(repository, Serving)
    for link in deployment.links if deployment and deployment.application else ():
        if link.status in ("live", "sleeping") and not link.temporary:
            return "a link that answers", Proof(name, Location("", note=link.url[:160]), link.url)
    if serving is not None and serving.deploy_config:
        return serving.deploy_config[0].name, Proof(name, serving.deploy_config[0].location)
    tooling = known(repository, Tooling)
    deploying = next((each for each in tooling.workflows if _deploys(each)), None) if tooling else None
    return ("a workflow that deploys", Proof(name, deploying.place("deploy"))) if deploying else None


def _deployment(portfolio: Portfolio) -> Answer:
    """A deployed model; unknown where a link to one could not be opened."""
    found = _first(portfolio, _deployed)
    if found.state == "not-seen" and any(_unopened(repository) for repository, _ in _own(portfolio)):
        return Answer("", "unknown")
    return found


def _unopened(repository: Repository) -> bool:
    deployment = known(repository, Deployment) if _is_model(repository) else None
    if deployment is None or not deployment.application:
        return False
    gone = ("dead", "placeholder", "refused")
    return any(link.status not in gone and not link.temporary for link in deployment.links)


def _deploys(workflow: Workflow) -> bool:
    """Whether it brings the project somewhere: no pages of documentation, and no container that lives in it.

    A container that it starts counts on a machine of one's own, where it goes on running, and after its publication.
    """
    command = dict(zip(workflow.runs, workflow.commands, strict=False)).get("deploy", "").casefold()
    if _CONTAINER.match(command):
        return workflow.system != "GitHub Actions" and "publish" in workflow.runs
    return bool(command) and not _PAGES.search(command)


def _pipeline(portfolio: Portfolio) -> Answer:
    """A pipeline of separate steps; unknown where a repository of data work may have one that could not be told."""
    found = _first(portfolio, _of_signs("pipeline"))
    if found.state == "not-seen" and any(_untold(repository) for repository, _ in _own(portfolio)):
        return Answer("", "unknown")
    return found


def _untold(repository: Repository) -> bool:
    """Whether steps may be there that are not read: files that could not be, or scripts of another language."""
    pipeline, work = known(repository, Pipeline), known(repository, AiWork)
    if pipeline is None or work is None:
        return True
    if pipeline.library or not {"training", "pipeline", "exercise"}.intersection(work.kinds):
        return False
    return pipeline.verdict is None or (pipeline.verdict == "no" and work.language not in STEP_LANGUAGES)


def _of_signs(*beginnings: str) -> Callable[[Repository], tuple[str, Proof] | None]:
    def look(repository: Repository) -> tuple[str, Proof] | None:
        for name, where in signs(repository).items():
            if name.startswith(beginnings):
                return name.partition(":")[2] or "separate steps", Proof(repository.record.full_name, where)
        return None

    return look


def _projects(least: int) -> Callable[[Portfolio], Answer]:
    def look(portfolio: Portfolio) -> Answer:
        projects = portfolio.fact(Projects)
        if projects is None or len(projects.substantial) < least:
            possible = len(projects.substantial) + len(projects.unclear) if projects else 0
            return Answer("", "unknown" if possible >= least else "not-seen")
        project = projects.substantial[least - 1]
        said = counted(len(projects.substantial), "substantial AI or data project")
        return Answer("", "seen", said, Proof(project.repository, project.purpose))

    return look


def _contribution(portfolio: Portfolio) -> Answer:
    try:
        found = portfolio.fact(OpenSource)
    except Unavailable:
        return Answer("", "unknown")
    pulls = (*found.counting(established=True), *found.counting(established=False)) if found else ()
    if not pulls:
        return Answer("", "unknown" if found is None or found.incomplete else "not-seen")
    first = pulls[0]
    return Answer("", "seen", first.repository, Proof("", Location("", note=first.title[:160]), first.url))


def _certification(portfolio: Portfolio) -> Answer:
    found = portfolio.fact(Certifications)
    stated = next((each for each in found.stated if each.cloud), None) if found else None
    if stated is None:
        return Answer("", "unknown" if found is None or found.incomplete else "not-seen")
    return Answer("", "seen", f"{stated.name}, stated", Proof(stated.repository, stated.where, stated.url))


def _published(portfolio: Portfolio) -> Answer:
    """Whatever is read from a service was pushed there."""
    found = next((each.record for each, _ in _own(portfolio) if not each.record.empty), None)
    if found is None or portfolio.snapshot.mode == "local":
        return Answer("", "not-seen")
    return Answer("", "seen", "Git", Proof(found.full_name, None, found.url))


SIGNS: dict[str, Callable[[Portfolio], Answer]] = {
    "published": _published,
    "pipeline": _pipeline,
    "orchestrator": lambda portfolio: _first(portfolio, _of_signs("orchestrator:")),
    "model-api": lambda portfolio: _first(portfolio, _model_api),
    "deployed-model": _deployment,
    "projects-1": _projects(1),
    "projects-2": _projects(2),
    "projects-3": _projects(3),
    "contribution": _contribution,
    "cloud-certification": _certification,
}
"""Signs by name, each asked of the portfolio."""
