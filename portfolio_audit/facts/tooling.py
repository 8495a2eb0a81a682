"""What surrounds the code: continuous integration, containers, a licence, dependency manifests."""

from typing import ClassVar, Self

from portfolio_audit.facts.commands import PURPOSES, Purpose
from portfolio_audit.facts.containers import Container, find_blank, find_containers
from portfolio_audit.facts.fact import TreeFact
from portfolio_audit.facts.licence import Licence, find_licence
from portfolio_audit.facts.manifests import Manifests, find_manifests
from portfolio_audit.facts.workflows import Workflow, find_idle_workflows, find_workflows
from portfolio_audit.tree import SourceTree


class Tooling(TreeFact, frozen=True):
    """The tools of a project, each with the file that shows it. Always there; its parts may be empty.

    `idle` are files that look like workflows where no service looks for them; `files` counts what was listed; `blank`
    are container files without content, which are none.
    """

    version: ClassVar[str] = "8"
    workflows: tuple[Workflow, ...] = ()
    idle: tuple[str, ...] = ()
    files: int = 0
    containers: tuple[Container, ...] = ()
    licence: Licence | None = None
    manifests: Manifests = Manifests()
    blank: tuple[str, ...] = ()

    @classmethod
    def distil(cls, tree: SourceTree) -> Self:
        """Always a value: what tools there are is known from names; a content that could not be read is said so."""
        workflows = find_workflows(tree)
        unread = sum(1 for workflow in workflows if not workflow.readable)
        incomplete = f"{unread} of {len(workflows)} CI files" if unread else None
        return cls(
            incomplete,
            workflows,
            find_idle_workflows(tree),
            len(tree.files),
            find_containers(tree),
            find_licence(tree),
            find_manifests(tree),
            find_blank(tree),
        )

    @property
    def runs(self) -> tuple[Purpose, ...]:
        """What the continuous integration does, over all its files."""
        done = {purpose for workflow in self.workflows for purpose in workflow.runs}
        return tuple(purpose for purpose in PURPOSES if purpose in done and (purpose != "echo" or len(done) == 1))

    @property
    def own_containers(self) -> tuple[Container, ...]:
        """Container files of the project itself; those of a workbench, tests and examples are none."""
        return tuple(container for container in self.containers if container.use == "project")
