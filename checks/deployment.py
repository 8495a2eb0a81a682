"""Deployment: whether the project runs somewhere a hiring manager can see it."""

from portfolio_audit.api import Evidence, Outcome, check, failed, not_applicable, partial, passed, unknown
from portfolio_audit.facts.deployment import Deployment, DeploymentLink
from portfolio_audit.facts.readme import Readme

ADDRESS = "If a workflow deploys it, put the address at the top of the README and into the homepage field."
HOST = "Host it where it stays up (a free tier will do) and put the link at the top of the README."


@check(id="deployment-live", title="A running instance answers")
def is_live(deployment: Deployment, readme: Readme | None) -> Outcome:
    """A project that can be opened in a browser has been finished; one that runs on localhost has been promised."""
    if not deployment.links:
        return _without_link(deployment, readme)
    best = deployment.best()
    if best is None:
        return _not_answering(deployment)
    if best.temporary:
        said = "answers, but at an address that ends after some days"
        return partial(0.7, said, fix=HOST, evidence=_seen(best))
    if best.where in ("config", "code"):
        said = "an application answers at an address in configuration or code; README and homepage name none"
        fix = "Put the link at the top of the README and in the homepage field of the repository."
        return partial(0.7, said, fix=fix, effort="minutes", evidence=_seen(best))
    said = "runs" if best.status == "live" else "is deployed and sleeps; the platform wakes it for a visitor"
    return passed(said, evidence=_seen(best))


def _without_link(deployment: Deployment, readme: Readme | None) -> Outcome:
    """A library is published, not hosted, and notes run nowhere: only an application without a link has failed."""
    if deployment.application is None:
        return unknown(deployment.incomplete or "its code could not be read")
    if not deployment.application:
        outside = " outside notebooks" if deployment.demonstrated else ""
        said = f"no web interface and no hosting configuration was found{outside}"
        return not_applicable(f"{said}{_by_workflow(deployment)}")
    if readme is not None and readme.library is not None:
        return not_applicable("a package to install, not an application to host")
    if not deployment.homepage_known:
        return unknown("no link in README, configuration or code; files on a disk have no homepage field to look at")
    searched = "README, homepage field, deployment records, configuration and code"
    said = f"no link to a running instance found{_by_workflow(deployment)}"
    shown = [deployment.deployed] if deployment.deployed else []
    return failed(said, fix=ADDRESS if shown else HOST, effort="days", evidence=shown, searched=searched)


def _by_workflow(deployment: Deployment) -> str:
    if deployment.deployed is None:
        return ""
    return f"; {deployment.deployed.path} looks like a deployment, but gives no address"


def _not_answering(deployment: Deployment) -> Outcome:
    """Failed only if every link was opened and none is an application; one that nobody opened may be alive."""
    open_questions = [link for link in deployment.links if link.status not in ("dead", "placeholder")]
    if open_questions:
        link = open_questions[0]
        return unknown(f"{link.url}: {link.answer or deployment.unopened}", evidence=_named(link))
    said = "no link answered as an application"
    shown = [_named(link) for link in deployment.links[:3]]
    return failed(said, fix=f"Bring it back up, or replace the link. {HOST}", evidence=shown)


def _seen(link: DeploymentLink) -> tuple[Evidence, ...]:
    """The instance itself, and where it is named."""
    return (Evidence(url=link.url, note=link.answer), *([_named(link)] if link.location else []))


def _named(link: DeploymentLink) -> Evidence:
    place = link.location
    note = f"{link.url}: {link.answer}" if link.answer else link.url
    return Evidence(path=place.path, line=place.line, note=note) if place else Evidence(note=f"{link.where}: {note}")
