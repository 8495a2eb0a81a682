"""The accuracy benchmark on one invented repository: what it counts, what it skips, what it shows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "accuracy.py"
FILES = {
    "README.md": "# Bees\n\nCounts bees.\n",
    "bees.py": "def count(hive: str) -> int:\n    return len(hive)\n",
    "tests/test_bees.py": "from bees import count\n\n\ndef test_count():\n    assert count('ab') == 2\n",
}


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with the clone of sample-owner/bees, and the commit."""
    folder = tmp_path_factory.mktemp("repositories")
    work = folder / "sample-owner+bees"
    for path, text in FILES.items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(text)
    _git(work, "init", "--quiet")
    _git(work, "add", ".")
    _git(work, "commit", "--quiet", "-m", "Bees")
    return folder, _git(work, "rev-parse", "HEAD").strip()


def _git(work: Path, *arguments: str) -> str:
    identity = {
        f"GIT_{role}_{what}": f"bee@{role.lower()}.example"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    environment = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(
        ["git", *arguments], cwd=work, env=environment, check=True, capture_output=True, text=True
    ).stdout


def measure(repositories: tuple[Path, str], cache: Path, **labels: object) -> str:
    folder, commit = repositories
    rows = [
        {"repo": "sample-owner/bees", "commit": commit, **labels},
        {"repo": "sample-owner/absent", "commit": commit},
    ]
    (cache / "labels.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    command = [sys.executable, str(SCRIPT), "--labels", str(cache / "labels.jsonl"), "--repos", str(folder)]
    run = subprocess.run([*command, "--cache", str(cache)], capture_output=True, text=True, check=True)
    return run.stdout


def _row(table: str, claim: str) -> list[str]:
    return next(line for line in table.splitlines() if line.startswith(f"{claim} ")).split()


def test_agreement_is_counted_and_unclear_labels_are_not(repositories: tuple[Path, str], tmp_path: Path) -> None:
    table = measure(
        repositories,
        tmp_path,
        tests_present={"label": "yes"},
        readme_present={"label": "yes"},
        license={"label": "unclear"},
        type_hints={"label": "all", "share_any": 1.0},
        notebooks_share={"label": "n/a", "share": None},
    )
    assert _row(table, "tests_present")[1:7] == ["1", "tp", "1", "fp", "0", "fn"]
    assert "F1 1.000" in " ".join(_row(table, "tests_present"))
    assert "not measured" in " ".join(_row(table, "license"))
    assert "not measured" in " ".join(_row(table, "notebooks_share"))
    assert "100.0%" in " ".join(_row(table, "type_hints"))
    assert "no clone of sample-owner/absent" in table
    assert "label:" not in table


def test_a_disagreement_shows_both_sides(repositories: tuple[Path, str], tmp_path: Path) -> None:
    table = measure(repositories, tmp_path, tests_present={"label": "no", "evidence": "by hand"})
    assert _row(table, "tests_present")[1:7] == ["1", "tp", "0", "fp", "1", "fn"]
    assert "sample-owner/bees  label False, ours True" in table
    assert '"evidence": "by hand"' in table
    assert "tests/test_bees.py" in table
