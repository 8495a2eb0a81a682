"""Continuous integration: the tests run by themselves at every change."""

from portfolio_audit.api import Outcome, check, failed, not_applicable, partial, passed, unknown
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.test_suite import TestSuite
from portfolio_audit.facts.tooling import Tooling
from portfolio_audit.facts.words import counted, joined
from portfolio_audit.facts.workflows import SERVICES, Workflow

UNTESTABLE = frozenset(("SQL", "Shell"))
PYTHON_RUNNERS = ("pytest", "unittest", "nose")
START = "Add .github/workflows/tests.yml that installs the project and runs its tests on push and pull_request."
WRITE = "Write a first test, then add .github/workflows/tests.yml that runs it on push and pull_request."
MISSING = {
    "schedule": "the tests run on a schedule, not when the code changes",
    "release": "the tests run for a release only, not when the code changes",
    "hand": "the tests run only when somebody starts them by hand",
}


@check(id="ci-runs-tests", title="Every change is tested by continuous integration")
def runs_the_tests(tooling: Tooling, suite: TestSuite) -> Outcome:
    """Tests that run by themselves are the ones that are kept working; a reviewer looks for the green mark first."""
    testing = sorted(
        (workflow for workflow in tooling.workflows if "test" in workflow.runs),
        key=lambda workflow: (workflow.forgiving, workflow.trigger != "change"),
    )
    if testing:
        return _tested(testing[0], suite)
    if not (suite.test_like_files or suite.asserting) and UNTESTABLE.issuperset(suite.code):
        return not_applicable("there is no code that a test could call")
    unclear = [workflow for workflow in tooling.workflows if _is_unclear(workflow)]
    if unclear:
        return unknown(_why_unclear(unclear[0]), evidence=_doubt(unclear[0]))
    return _untested(tooling, START if suite.asserting else WRITE)


def _tested(workflow: Workflow, suite: TestSuite) -> Outcome:
    place = workflow.location
    if workflow.forgiving:
        over = "(|| true, || echo, continue-on-error)"
        fix = f"Let a failing test fail the run: take away what passes over it in the step that tests {over}."
        said = "runs the tests, but a failing test does not fail the run"
        return partial(0.5, said, fix=fix, effort="minutes", evidence=place)
    if workflow.trigger != "change":
        fix = "Start the workflow that tests on push and pull_request too."
        return partial(0.6, MISSING[workflow.trigger], fix=fix, effort="minutes", evidence=place)
    nothing = not (suite.asserting or suite.test_like_files or suite.skipped or suite.incomplete)
    if nothing and any(runner in workflow.command for runner in PYTHON_RUNNERS):
        fix = "Write a first test, so that the command has something to run."
        return partial(0.5, "calls a test runner, but no test was found for it to run", fix=fix, evidence=place)
    when = f"changes of {', '.join(workflow.limited[:3])}" if workflow.limited else "every change"
    return passed(f"{workflow.system} is set up to run the tests at {when}", evidence=place)


def _is_unclear(workflow: Workflow) -> bool:
    return not workflow.readable or (workflow.trigger == "change" and bool(workflow.elsewhere or workflow.unclear))


def _why_unclear(workflow: Workflow) -> str:
    if not workflow.readable:
        return f"{workflow.location.path} could not be read"
    if workflow.elsewhere:
        return "a workflow calls one that is kept elsewhere, which was not read"
    return "a step that calls itself a test runs a command that is not recognised as one"


def _doubt(workflow: Workflow) -> Location:
    """The step that is meant, or the workflow."""
    return workflow.location if workflow.elsewhere else workflow.doubt or workflow.location


def _untested(tooling: Tooling, fix: str) -> Outcome:
    does = {purpose for workflow in tooling.workflows for purpose in workflow.runs}
    places = [workflow.location for workflow in tooling.workflows[:3]]
    names = [word for purpose, word in _WORDS.items() if purpose in does]
    if not tooling.workflows:
        searched = f"{counted(tooling.files, 'file')}, for the configuration of {len(SERVICES)} services"
        if tooling.idle:
            fix = "If it is yours, move it to .github/workflows/ at the root, with the ending .yml."
            said = "no continuous integration found; a workflow lies where no service looks for it"
            return failed(said, fix=fix, effort="minutes", evidence=tooling.idle, searched=searched)
        return failed("no continuous integration found", fix=fix, searched=searched)
    said = joined(names) if names else "only prints text" if "echo" in does else "does other things"
    if all(workflow.empty for workflow in tooling.workflows):
        said = "holds no command that would run"
    said = f"continuous integration {said}, and no step was found to run tests"
    if does & {"lint", "type-check", "build"}:
        return partial(0.4, said, fix=fix, evidence=places)
    return failed(said, fix=fix, evidence=places)


_WORDS = {"lint": "lints", "type-check": "checks types", "build": "builds", "deploy": "deploys", "publish": "publishes"}
