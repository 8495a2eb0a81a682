"""The action, run step by step as the runner would, on workspaces that mean well and on ones that do not."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}
EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")
HOSTILE = "::set-output name=score::99\n::error::x\x1b]0;t\x07 $(touch pwned) `id` ${{ github.token }} @ada [x](http://e.example)"


class Ran(NamedTuple):
    code: int
    outputs: dict[str, str]
    summary: str
    commands: list[tuple[str, str]]
    said: str


class Runner:
    """What the runner does with a composite action: expressions into `env`, files for outputs and summary."""

    def __init__(self, folder: Path) -> None:
        self.temp, self.workspace = folder / "temp", folder / "workspace"
        self.temp.mkdir()
        self.workspace.mkdir()
        bin_folder = self.temp / "portfolio-audit-python" / "bin"
        bin_folder.mkdir(parents=True)
        (bin_folder / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        (bin_folder / "python").chmod(0o755)
        self.outputs: dict[str, str] = {}

    def value(self, expression: str, given: dict[str, str]) -> str:
        scope, _, name = expression.partition(".")
        if scope == "inputs":
            return given.get(name, str(ACTION["inputs"][name].get("default", "")).replace("${{ github.token }}", ""))
        if scope == "steps":
            return self.outputs.get(name.removeprefix("audit.outputs."), "")
        known = {"runner.temp": str(self.temp), "github.action_path": str(ROOT), "github.token": ""}
        return known[expression]

    def run(self, step: str, **given: str) -> Ran:
        inputs = {name.replace("_", "-"): value for name, value in given.items()}
        made = STEPS[step]
        files = {name: self.temp / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV")}
        for file in files.values():
            file.write_text("")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.temp),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_WORKSPACE": str(self.workspace),
            **{name: str(file) for name, file in files.items()},
            **{
                name: EXPRESSION.sub(lambda found: self.value(found[1], inputs), str(value))
                for name, value in made.get("env", {}).items()
            },
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", made["run"]],
            cwd=self.temp, env=environment, capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        outputs = dict(read_outputs(files["GITHUB_OUTPUT"].read_text("utf-8")))
        self.outputs |= outputs
        assert files["GITHUB_ENV"].read_text() == ""
        said = done.stdout + done.stderr
        return Ran(
            done.returncode, outputs, files["GITHUB_STEP_SUMMARY"].read_text("utf-8"), list(commands(said)), said
        )


def read_outputs(text: str) -> Iterator[tuple[str, str]]:
    """The file of outputs as the runner reads it: NAME<<WORD, lines, WORD."""
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, _, word = line.partition("<<")
        assert word, line
        value = []
        while (following := next(lines)) != word:
            value.append(following)
        yield name, "\n".join(value)


def commands(said: str) -> Iterator[tuple[str, str]]:
    """The commands that the runner would obey in an output, with their data (actions/runner, ActionCommandManager)."""
    stopped = None
    for line in said.splitlines():
        if stopped is not None:
            stopped = None if line.strip() == f"::{stopped}::" else stopped
            continue
        found = re.match(r"\s*(?:::([a-z-]+)(?: [^\n]*?)?::(.*)|##\[([a-z-]+)[^\]]*\](.*))", line)
        if found is None:
            continue
        name, data = (found[1], found[2]) if found[1] else (found[3], found[4])
        if name == "stop-commands":
            stopped = data
            continue
        yield name, data


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    made = Runner(tmp_path)
    for path, content in {
        "README.md": "# Bees\n\nCounts bees in photographs of hives, so that keepers see losses early.\n",
        "train.py": "from sklearn.svm import SVC\n\n\ndef train(rows, marks):\n    return SVC().fit(rows, marks)\n",
        "hints.py": "def a(x: int) -> int:\n    return x\n\n\ndef b(x):\n    return x\n\n\ndef c(x):\n    return x\n",
        "tests/test_train.py": "def test_train():\n    print('ok')\n",
    }.items():
        (made.workspace / path).parent.mkdir(parents=True, exist_ok=True)
        (made.workspace / path).write_text(content)
    return made


def test_a_checkout_is_judged_offline_and_described(runner: Runner) -> None:
    ran = runner.run("Audit")
    assert ran.code == 0, ran.said
    assert set(ran.outputs) == set(ACTION["outputs"])
    assert 0 < float(ran.outputs["score"]) < 100
    assert (ran.outputs["gate"], ran.outputs["exit-code"], ran.outputs["sarif-path"]) == ("none", "0", "")
    assert "tests-assert" in ran.outputs["failed-checks"].split(",")
    assert "**Repository score:" in ran.summary
    for output in ("report-path", "json-path", "badge-path"):
        assert Path(ran.outputs[output]).stat().st_size
    report = json.loads(Path(ran.outputs["json-path"]).read_text("utf-8"))
    assert report["score_range"][0] == float(ran.outputs["score"])
    assert {name for name, _ in ran.commands} == {"warning", "notice"}
    assert runner.run("Gate").code == 0


@pytest.mark.parametrize(
    ("given", "gate", "code"),
    [
        ({"fail_under": "99"}, "failed", 1),
        ({"fail_under": "1"}, "passed", 0),
        ({"fail_on": "readme-present, tests-assert"}, "failed", 1),
        ({"fail_under": "99", "gate": "informational"}, "failed", 0),
    ],
)
def test_the_gate_speaks_after_everything_is_kept(runner: Runner, given: dict[str, str], gate: str, code: int) -> None:
    ran = runner.run("Audit", **given)
    assert ran.code == 0
    assert ran.outputs["gate"] == gate
    assert ran.summary
    assert runner.run("Gate", **given).code == code


def test_what_is_asked_for_is_written(runner: Runner) -> None:
    ran = runner.run("Audit", sarif="true", format="text,junit", badge_path="docs/badge.svg", pages_dir="site")
    results = Path(ran.outputs["report-path"]).parent
    assert json.loads(Path(ran.outputs["sarif-path"]).read_text("utf-8"))["version"] == "2.1.0"
    assert {"report.txt", "report.xml"} <= {path.name for path in results.iterdir()}
    assert {path.name for path in (runner.workspace / "site").iterdir()} == {
        "index.html", "report.json", "badge.svg", "badge.json",
    }  # fmt: skip
    assert (runner.workspace / "docs/badge.svg").read_text().startswith("<svg")
    assert ran.outputs["badge-path"] == str(runner.workspace / "docs/badge.svg")


@pytest.mark.parametrize(
    ("severity", "kinds"), [("notice", {"warning", "notice"}), ("warning", {"warning"}), ("none", set())]
)
def test_marks_are_as_severe_as_asked(runner: Runner, severity: str, kinds: set[str]) -> None:
    assert {name for name, _ in runner.run("Audit", min_severity=severity).commands} == kinds


@pytest.mark.parametrize(
    "given",
    [
        {"fail_under": "many"},
        {"fail_on": "no-such-check"},
        {"repository": "../.."},
        {"sarif": "maybe"},
        {"format": "pdf"},
        {"repository": "nowhere"},
    ],
)
def test_wrong_use_is_said_and_fails_the_step(runner: Runner, given: dict[str, str]) -> None:
    ran = runner.run("Audit", **given)
    assert ran.code == 2
    assert "Error:" in ran.said
    assert ran.outputs == {}


def test_a_gate_that_is_none_fails(runner: Runner) -> None:
    assert runner.run("Gate", gate="off").code == 2


def test_a_hostile_workspace_gives_no_command_output_or_link(runner: Runner, tmp_path: Path) -> None:
    nasty = HOSTILE.replace("/", "_")
    (runner.workspace / f"{nasty[:80]}.py").write_text("def f(x):\n    return x\n")
    (runner.workspace / "::error::a.py").write_text("def f(x):\n    return x\n")
    (runner.workspace / "README.md").write_text(f"# {HOSTILE}\n\n{HOSTILE}\n")
    (runner.workspace / "click.py").write_text("raise SystemExit('imported from the workspace')\n")
    (runner.workspace / "portfolio-audit.toml").write_text('rubric = "mine.toml"\n')
    ran = runner.run("Audit", sarif="true", fail_under="10")
    assert ran.code == 0, ran.said
    assert {name for name, _ in ran.commands} <= {"warning", "notice"}
    assert set(ran.outputs) == set(ACTION["outputs"])
    assert float(ran.outputs["score"]) <= 100
    assert not list(tmp_path.rglob("pwned"))
    assert "](http" not in re.sub(r"\]\(<https://github\.com/", "", ran.summary)
    assert not re.search(r"(?<![\w`])@ada", ran.summary)


def test_a_link_in_the_workspace_leads_nowhere(runner: Runner, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("as it was")
    (runner.workspace / "site").symlink_to(outside)
    assert runner.run("Audit", pages_dir="site").code == 2
    (runner.workspace / "pages").mkdir()
    (runner.workspace / "pages" / "index.html").symlink_to(outside / "kept")
    assert runner.run("Audit", pages_dir="pages").code == 0
    assert (outside / "kept").read_text() == "as it was"
    assert (runner.workspace / "pages" / "index.html").read_text("utf-8").startswith("<!DOCTYPE")


def test_no_expression_reaches_a_shell() -> None:
    for step in STEPS.values():
        assert "${{" not in step.get("run", ""), step["name"]
        if "run" in step:
            assert step["shell"] == "bash"


def test_steps_of_others_are_pinned_by_commit() -> None:
    lines = [line for line in (ROOT / "action.yml").read_text("utf-8").splitlines() if "uses:" in line]
    assert len(lines) == 3
    assert all(re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line) for line in lines)


def test_the_command_reads_no_module_of_the_workspace() -> None:
    for name in ("Install", "Audit"):
        assert STEPS[name]["working-directory"] == "${{ runner.temp }}"
        assert all("python -I " in line for line in STEPS[name]["run"].splitlines() if "python -" in line)
