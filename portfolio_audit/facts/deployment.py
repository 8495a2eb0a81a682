"""Where a project says it runs, and what opening those links showed.

Links come from the README, the homepage field, recorded deployments, and configuration or code; answers from the
snapshot, where one was opened. A link that nobody opened has no status, which is not the same as being dead.
"""

from typing import ClassVar, Literal, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import hosts
from portfolio_audit.facts.fact import Fact, Location, Repository, RepositoryFact
from portfolio_audit.facts.links import FoundLink, Links
from portfolio_audit.facts.serving import Serving
from portfolio_audit.facts.tooling import Tooling
from portfolio_audit.snapshot import Probe, Value

OPEN_LIMIT = 10

Where = Literal["readme", "homepage", "config", "code"]
Status = Literal["live", "sleeping", "placeholder", "dead", "refused", "unknown"]
# What a reader of the repository sees comes first; an address in code may be a service that the project calls.
_ORDER: tuple[Where, ...] = ("readme", "homepage", "config", "code")


class DeploymentLink(Value, frozen=True):
    """A link to a running instance. `status` is null if it was not opened; `answer` is what was seen, and when."""

    url: str
    where: Where
    status: Status | None = None
    location: Location | None = None
    answer: str = ""
    temporary: bool = False


class Deployment(RepositoryFact, frozen=True):
    """All links to running instances, those that a visitor sees first.

    `application` says whether the project is something to be reached at an address (`Serving.hosted`); null if the code
    could not be read, and `demonstrated` is where a notebook starts one. `unopened` is the reason why links without
    status were not opened. `homepage_known` is false for files on a disk, which have no such field. `deployed` is where
    a workflow deploys the project.
    """

    reads: ClassVar[tuple[type[Fact], ...]] = (Links, Serving, Tooling)
    links: tuple[DeploymentLink, ...] = ()
    application: bool | None = None
    unopened: str = "it was not opened"
    homepage_known: bool = True
    demonstrated: Location | None = None
    deployed: Location | None = None

    @classmethod
    def distil(cls, repository: Repository) -> Self | None:
        """Always a value. Raises Unavailable if the files could not be read and nothing else names a link."""
        incomplete = None
        found: Links | None = None
        serving: Serving | None = None
        try:
            found = repository.fact(Links)
            incomplete = found.incomplete if found is not None else None
        except Unavailable as unavailable:
            incomplete = unavailable.reason
        try:
            serving = repository.fact(Serving)
        except Unavailable as unavailable:
            incomplete = incomplete or unavailable.reason
        # What is an application for certain stays one however much was not read.
        if serving is not None and not serving.hosted:
            incomplete = incomplete or serving.incomplete
        application = _hosted(serving) if serving is not None else None
        named = _collect(repository, found, application)
        if not named and found is None:
            raise Unavailable(incomplete or "its files were not read")
        probes = repository.snapshot.probes
        links = tuple(_answered(link, probes.get(link.url)) for link in named)
        unopened = repository.snapshot.unavailable.get("probes", "it was not opened")
        started = serving.demonstrated[0].location if serving is not None and serving.demonstrated else None
        homepage_known = repository.snapshot.mode != "local"
        return cls(incomplete, links, application, unopened, homepage_known, started, _deployed(repository))

    def best(self) -> DeploymentLink | None:
        """The link that shows most: a live one, else a sleeping one, among those that a visitor sees first."""
        for status in ("live", "sleeping"):
            for link in self.links:
                if link.status == status:
                    return link
        return None


def links_to_open(repository: Repository) -> tuple[str, ...]:
    """The addresses worth opening, most promising first, at most 10. Raises Unavailable as `Deployment` does."""
    deployment = repository.fact(Deployment)
    return tuple(link.url for link in deployment.links)[:OPEN_LIMIT] if deployment is not None else ()


def _deployed(repository: Repository) -> Location | None:
    try:
        tooling = repository.fact(Tooling)
    except Unavailable:
        return None
    # Without a container what is deployed is mostly the pages of a site.
    workflows = tooling.workflows if tooling is not None and tooling.own_containers else ()
    deploying = [each for each in workflows if "deploy" in each.runs]
    # A container that is only started where the job runs says less than a command that brings it somewhere.
    deploying.sort(key=lambda each: "docker" in dict(zip(each.runs, each.commands, strict=False))["deploy"][:12])
    return deploying[0].place("deploy") if deploying else None


def _hosted(serving: Serving) -> bool | None:
    return True if serving.hosted else None if serving.incomplete else False


def _answered(link: DeploymentLink, probe: Probe | None) -> DeploymentLink:
    if probe is None:
        return link
    answer = f"opened on {probe.checked_at[:10]}: {probe.reason}"
    return DeploymentLink(link.url, link.where, probe.state, link.location, answer, link.temporary)


def _collect(repository: Repository, found: Links | None, application: bool | None) -> list[DeploymentLink]:
    links: dict[str, DeploymentLink] = {}

    def add(url: str, where: Where, location: Location | None = None) -> None:
        temporary = hosts.role(url) == "temporary"
        links.setdefault(hosts.normalise(url), DeploymentLink(url, where, location=location, temporary=temporary))

    sources: tuple[tuple[Where, tuple[FoundLink, ...]], ...] = ()
    if found is not None:
        sources = (("readme", found.deployments), ("config", found.config), ("code", found.code))
    for where, each in sources[:1]:
        for link in each:
            add(link.url, where, link.location)
    homepage = (repository.record.homepage or "").strip()
    if homepage and _is_instance(homepage, found, application):
        add(homepage if "://" in homepage else f"https://{homepage}", "homepage")
    details = repository.record.details
    for record in details.deployments if details is not None else ():
        ended = record.state in ("FAILURE", "ERROR", "DESTROYED", "ABANDONED")
        if record.url and not ended and _is_instance(record.url, found, application):
            add(record.url, "config")
    for where, each in sources[1:]:
        for link in each:
            add(link.url, where, link.location)
    return sorted(links.values(), key=lambda link: (_ORDER.index(link.where), link.temporary))


def _is_instance(url: str, found: Links | None, application: bool | None) -> bool:
    """Whether an address that stands without words around it may be called a running instance of the project.

    An application host is one. A page of an unknown host is one only where the project is an application: else it may
    be a company, a person or documentation.
    """
    address = url if "://" in url else f"https://{url}"
    role = hosts.role(address)
    known = {hosts.normalise(link.url): link.use for link in found.readme} if found is not None else {}
    if known.get(hosts.normalise(address)) in ("documentation", "writing"):
        return False
    if role in ("application", "temporary", "dashboard"):
        return True
    return role in ("pages", "other") and bool(application) and found is not None and not found.documentation_site
