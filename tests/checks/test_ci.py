"""ci-runs-tests: an echo is no test, and a test whose failure is passed over is half a one."""

from collections.abc import Mapping

import pytest

from portfolio_audit.api import Outcome
from portfolio_audit.testing import run_check

PLACE = ".github/workflows/ci.yml"
HIVE = {
    "hive.py": "def count(bees):\n    return len(bees)\n",
    "tests/test_hive.py": "def test_count():\n    assert count([1]) == 1\n",
}
UNTESTED = {"hive.py": HIVE["hive.py"]}


def ask(
    workflow: str | None = None,
    files: Mapping[str, str | bytes] = HIVE,
    path: str = PLACE,
    unread: Mapping[str, str] | None = None,
) -> Outcome:
    return run_check("ci-runs-tests", {**files, **({path: workflow} if workflow else {})}, unread=unread)


def job(*run: str, on: str = "[push, pull_request]", job: str = "", step: str = "") -> str:
    lines = "".join(f"      - run: {each}\n{step and f'        {step}{chr(10)}'}" for each in run)
    return f"on: {on}\njobs:\n  all:\n{job and f'    {job}{chr(10)}'}    runs-on: ubuntu-latest\n    steps:\n{lines}"


def test_tests_at_every_change_pass_and_are_shown() -> None:
    outcome = ask(job("pip install .", "pytest -q"))
    assert outcome.status == "passed"
    assert [(each.path, each.line) for each in outcome.evidence] == [(PLACE, 7)]


@pytest.mark.parametrize(
    ("run", "files"),
    [
        ("make check", {"Makefile": "check: unit\nunit:\n\t$(PYTHON) -m pytest\n"}),
        ("make", {"Makefile": "x:\n\tls\n", "ci.sh": ""}),
        ("npm test", {"package.json": '{"scripts": {"test": "vitest run"}}'}),
        ("npm test", {"package.json": '{"scripts": {"test": "our-own-runner"}}'}),
        ("cd web && yarn test", {"web/package.json": '{"scripts": {"test": "jest"}}'}),
        ("bash ci/all.sh", {"ci/all.sh": "set -e\npip install .\npython -m pytest\n"}),
        ("nox -s tests-3.12", {}),
        ("tox", {}),
        ("go test ./...", {}),
        ("cargo test --all", {}),
        ("Rscript -e 'x'; R CMD check .", {}),
        ("python -v -m pytest", {}),
    ],
)
def test_targets_scripts_and_other_languages_are_followed(run: str, files: dict[str, str]) -> None:
    expected = "failed" if run == "make" else "passed"
    assert ask(job(run), {**HIVE, **files}).status == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".gitlab-ci.yml", "unit:\n  script:\n    - pytest\n"),
        (".circleci/config.yml", "workflows:\n  main:\n    jobs:\n      - python/test\n"),
        (".travis.yml", "language: python\nscript: pytest\n"),
        ("azure-pipelines.yml", "steps:\n- script: pytest\n"),
        ("Jenkinsfile", "pipeline { stages { stage('t') { steps { sh 'pytest' } } } }"),
    ],
)
def test_other_services_count_alike(path: str, text: str) -> None:
    assert ask(text, path=path).status == "passed"


def test_an_action_of_the_repository_is_read() -> None:
    action = {".github/actions/check/action.yml": "runs:\n  using: composite\n  steps:\n    - run: pytest\n"}
    assert ask(job("ls").replace("- run: ls", "- uses: ./.github/actions/check"), {**HIVE, **action}).status == "passed"


@pytest.mark.parametrize(
    "workflow",
    [
        job("pytest || true"),
        job("pytest || exit 0"),
        job("pytest; exit 0"),
        job("pytest", step="continue-on-error: true"),
        job("pytest", job="continue-on-error: true"),
        job("make test"),
    ],
)
def test_a_failure_that_is_passed_over_is_half(workflow: str) -> None:
    outcome = ask(workflow, {**HIVE, "Makefile": "test:\n\t-pytest\n"})
    assert (outcome.status, outcome.score) == ("partial", 0.5)
    assert "does not fail" in outcome.summary
    assert outcome.evidence


@pytest.mark.parametrize(
    "workflow",
    [
        job("pytest || (echo broken && exit 1)"),
        job("pytest || [ $? -eq 5 ]"),
        job("pytest && echo fine || false"),
        job("mypy . || true", "pytest"),
        job("pytest", "pytest --slow || true"),
        job("pytest", step="continue-on-error: ${{ matrix.experimental }}"),
    ],
)
def test_a_failure_that_still_fails_the_run_is_whole(workflow: str) -> None:
    assert ask(workflow).status == "passed"


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("workflow_dispatch", "by hand"),
        ("{schedule: [{cron: '0 0 * * 0'}], workflow_dispatch: {}}", "schedule"),
        ("{push: {tags: ['v*']}}", "release"),
    ],
)
def test_tests_that_no_change_starts_are_half(on: str, words: str) -> None:
    outcome = ask(job("pytest", on=on))
    assert outcome.status == "partial"
    assert words in outcome.summary


@pytest.mark.parametrize(
    ("on", "when"),
    [
        ("{pull_request: {paths: ['app/**', pyproject.toml]}}", "changes of app/**, pyproject.toml"),
        ("{push: {paths: ['app/**']}, pull_request: {paths: ['app/**']}}", "changes of app/**"),
        ("{push: {paths: ['app/**']}, pull_request: {}}", "every change"),
        ("{push: {paths-ignore: ['docs/**']}}", "every change"),
        ("{push: {branches: [main]}}", "every change"),
    ],
)
def test_what_alone_starts_the_tests_is_said(on: str, when: str) -> None:
    assert ask(job("pytest", on=on)).summary.endswith(f"run the tests at {when}")


def test_a_workflow_that_is_called_starts_with_its_caller() -> None:
    caller = "on: pull_request\njobs:\n  all:\n    uses: ./.github/workflows/shared.yml\n"
    called = {".github/workflows/shared.yml": job("pytest", on="workflow_call")}
    assert ask(caller, {**HIVE, **called}).status == "passed"
    assert ask(None, {**HIVE, **called}).status == "partial"


@pytest.mark.parametrize(
    ("workflow", "status", "words"),
    [
        ("# " + job("pytest").replace("\n", "\n# "), "failed", "holds no command"),
        (job("echo pytest", "ls"), "failed", "only prints"),
        (job("npm test"), "failed", "only prints"),
        (job("make test"), "failed", "only prints"),
        (job("docker push hive", "kubectl apply -f ."), "failed", "deploys and publishes"),
        (job("python update.py"), "failed", "other things"),
        (job("pytest", step="if: false"), "failed", "no command"),
        (job("ruff check .", "mypy ."), "partial", "lints and checks types"),
        (job("tox -e lint"), "partial", "lints"),
    ],
)
def test_what_is_no_test_is_named(workflow: str, status: str, words: str) -> None:
    files = {
        "package.json": '{"scripts": {"test": "echo \\"no test\\" && exit 1"}}',
        "Makefile": "test:\n\t@echo fine\n",
    }
    outcome = ask(workflow, {**HIVE, **files})
    assert outcome.status == status
    assert words in outcome.summary
    assert outcome.evidence


def test_a_runner_without_tests_to_run_is_half() -> None:
    outcome = ask(job("pytest"), UNTESTED)
    assert outcome.status == "partial"
    assert "no test was found" in outcome.summary


def test_nothing_set_up_fails_and_says_where_was_looked() -> None:
    outcome = ask()
    assert outcome.status == "failed"
    assert (outcome.searched or "").startswith("2 files, for the configuration of ")
    assert "first test" in (ask(files=UNTESTED).fix or "")


@pytest.mark.parametrize(
    "path", ["web/.github/workflows/ci.yml", ".github/workflows/ci.yml.disabled", ".github/workflow/ci.yml"]
)
def test_a_workflow_that_no_service_finds_is_shown(path: str) -> None:
    outcome = ask(job("pytest"), path=path)
    assert outcome.status == "failed"
    assert [each.path for each in outcome.evidence] == [path]


@pytest.mark.parametrize("files", [{}, {"README.md": "# Bees"}, {"models/bees.sql": "select 1"}])
def test_without_code_that_a_test_could_call_it_does_not_apply(files: dict[str, str | bytes]) -> None:
    assert ask(files=files).status == "not_applicable"


def test_what_cannot_be_seen_is_unknown() -> None:
    assert ask(unread={PLACE: "gone"}).status == "unknown"
    elsewhere = "on: push\njobs:\n  all:\n    uses: bees/shared/.github/workflows/python.yml@v1\n"
    assert ask(elsewhere).status == "unknown"
    assert ask(elsewhere.replace("python.yml", "deploy-docs.yml")).status == "failed"
    named = job("./scripts/everything").replace("- run", "- name: Run the tests\n        run")
    assert ask(named).status == "unknown"
    assert run_check("ci-runs-tests", None).status == "unknown"


def test_the_step_that_is_not_recognised_is_the_one_that_is_shown() -> None:
    named = job("ruff check .", "./scripts/everything").replace("- run: ./", "- name: Run the tests\n        run: ./")
    outcome = ask(named)
    assert (outcome.status, outcome.evidence[0].line) == ("unknown", 8)
    assert "a command that is not recognised" in outcome.summary


COMPOSE = """services:
  api:
    build: .
    command: uvicorn hive:app
  tests:
    build: .
    command: ["sh", "-c", "pip install . && pytest -q"]
  built:
    build: {context: ., dockerfile: tests/Dockerfile}
  staged:
    build: {context: ., target: checked}
  style:
    image: hive
    entrypoint: ruff
    command: check .
"""
DOCKERFILES = {
    "docker-compose.yml": COMPOSE,
    "tests/Dockerfile": 'FROM python:3\nCMD ["echo", "old"]\nENTRYPOINT ["python", "-m"]\nCMD ["pytest", "-q"]\n',
    "Dockerfile": "FROM python:3 AS checked\nCMD pytest\nFROM python:3\nCMD uvicorn hive:app\n",
}


@pytest.mark.parametrize(
    ("run", "status"),
    [
        ("docker compose run --rm tests", "passed"),
        ("docker-compose run --no-deps -e HIVE=1 tests", "passed"),
        ("docker compose -f docker-compose.yml run --rm -T built", "passed"),
        ("docker compose run staged", "passed"),
        ("docker compose up --build --abort-on-container-exit --exit-code-from tests", "passed"),
        ("docker compose up api tests", "passed"),
        ("docker compose exec -T api python -m pytest", "passed"),
        ("docker compose run --rm api bash -c 'cd /hive && pytest'", "passed"),
        ("docker run --rm -v $(pwd):/hive -w /hive --network host hive pytest -q", "passed"),
        ("docker run --rm -v ${{ github.workspace }}:/hive hive make test", "passed"),
        ("docker run --rm hive pytest -q || true", "partial"),
        ("docker compose run --rm style", "partial"),
        ("docker compose up -d tests", "failed"),
        ("docker compose run --rm api", "failed"),
        ("docker compose run --rm nobody", "failed"),
        ("docker compose -f other.yml run --rm tests", "failed"),
        ("docker run --rm hive python -m hive", "failed"),
        ("docker compose", "failed"),
        ("docker compose run", "failed"),
        ("docker build .", "partial"),
    ],
)
def test_what_runs_in_a_container_is_read_like_what_runs_outside(run: str, status: str) -> None:
    made = {"Makefile": "test:\n\tpytest\n"}
    assert ask(job(run), {**HIVE, **DOCKERFILES, **made}).status == status


def test_an_image_that_a_step_calls_its_test_is_not_called_none() -> None:
    named = job("docker run hive").replace("- run", "- name: Run the tests\n        run")
    assert ask(named).status == "unknown"
    trial = job("docker run -d -p 80:80 hive", "curl localhost", "docker stop hive").replace(
        "- run", "- name: Test\n        run"
    )
    assert ask(trial).status == "failed"


@pytest.mark.parametrize(
    "compose",
    ["services: [", "- a", "services: {tests: pytest}", "services: {tests: {command: docker compose run tests}}"],
)
def test_a_compose_file_that_cannot_be_read_or_calls_itself_proves_nothing(compose: str) -> None:
    assert ask(job("docker compose run tests"), {**HIVE, "compose.yml": compose}).status == "failed"


@pytest.mark.parametrize(
    ("workflow", "files"),
    [
        ("on: [push\njobs: [", {}),
        ("a: &a [*a]", {}),
        (job("make a"), {"Makefile": "a: b\n\tmake b\nb: a\n\tmake a\n"}),
        (job("bash a.sh"), {"a.sh": "bash a.sh\n" * 1_000}),
        (job("npm run all"), {"package.json": '{"scripts": {"all": "npm run all && npm run all"}}'}),
        (job("'" + "$(" * 900 + "'"), {}),
        (job("x " + "|| " * 900), {}),
        (
            "on: push\njobs:\n" + "".join(f"  j{n}:\n    steps: [{{run: 'make all'}}]\n" for n in range(900)),
            {"Makefile": "all:\n" + "\tmake all\n" * 900},
        ),
    ],
)
def test_a_hostile_workflow_costs_nothing_and_proves_nothing(workflow: str, files: dict[str, str]) -> None:
    assert ask(workflow, {**HIVE, **files}).status in ("failed", "unknown", "partial")
