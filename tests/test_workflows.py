"""Workflows, action and hook: valid by the hosts' own schemas, and without a finding of the security linter."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TOOLS = Path(sys.executable).parent


def run(tool: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TOOLS / tool, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize(
    ("schema", "files"),
    [("vendor.github-workflows", WORKFLOWS), ("vendor.github-actions", [ROOT / "action.yml"])],
    ids=["workflows", "action"],
)
def test_they_are_valid_by_the_published_schemas(schema: str, files: list[Path]) -> None:
    assert files
    done = run("check-jsonschema", "--builtin-schema", schema, *files)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_security_linter_has_no_finding_in_its_strictest_mode() -> None:
    done = run("zizmor", "--offline", "--persona", "pedantic", "--no-progress", "action.yml", *WORKFLOWS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_would_see_an_input_in_a_shell(tmp_path: Path) -> None:
    worse = (ROOT / "action.yml").read_text("utf-8").replace('"$SOURCE"', '"${{ inputs.version }}"')
    (tmp_path / "action.yml").write_text(worse)
    assert run("zizmor", "--offline", "--no-progress", tmp_path / "action.yml").returncode > 0


def test_the_hook_is_local_and_asks_for_no_file_names() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["entry"].split()[:3] == ["portfolio-audit", "check", "."]
    assert (hook["pass_filenames"], hook["always_run"], hook["stages"]) == (False, True, ["pre-push", "manual"])


def test_the_workflow_in_the_readme_is_valid(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = [block for block in text.split("```yaml\n")[1:] if "jobs:" in block.partition("```")[0]]
    assert blocks
    for number, block in enumerate(blocks):
        file = tmp_path / f"{number}.yml"
        file.write_text(block.partition("```")[0])
        done = run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", file)
        assert done.returncode == 0, done.stdout + done.stderr
