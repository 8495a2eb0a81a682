"""A stranger's check, about fifteen lines in a folder of its own, works like a built-in one."""

import os
import subprocess
import sys
from pathlib import Path

PLUGIN = '''
from typing import Self
from portfolio_audit.api import Location, Outcome, TreeFact, check, failed, passed

class Changelog(TreeFact, frozen=True):
    path: str = ""
    @classmethod
    def distil(cls, tree) -> Self | None:
        return next((cls(path=file.path) for file in tree.files if file.path == "CHANGELOG.md"), None)

@check(id="changelog-kept", title="Changes are written down")
def is_kept(changelog: Changelog | None) -> Outcome:
    """Users want to know what an update changes."""
    if changelog:
        return passed("there is a changelog", evidence=Location(changelog.path, 1))
    return failed("no changelog", fix="Start a CHANGELOG.md.", searched="the root")
'''

TRY = """
from portfolio_audit import audit, rubric
from portfolio_audit.discovery import discover
from portfolio_audit.testing import run_check

assert run_check("changelog-kept", {"CHANGELOG.md": "# 1.0"}).status == "passed"
assert run_check("changelog-kept", {"main.py": "x = 1"}).fix == "Start a CHANGELOG.md."
assert run_check("changelog-kept", None).status == "unknown"
(ours,) = [provided for provided in discover().checks if provided.check.id == "changelog-kept"]
assert (ours.provider, ours.version) == ("portfolio-audit-changelog", "0.3"), ours
assert [kind.key() for kind in audit.needed_facts([ours.check])] == ["changelog_plugin:Changelog"]
assert "changelog-kept" not in rubric.load(None, {provided.check.id for provided in discover().checks}).checks
print("works")
"""


def test_a_plugin_in_another_folder_works_end_to_end(tmp_path: Path) -> None:
    (tmp_path / "changelog_plugin.py").write_text(PLUGIN)
    metadata = tmp_path / "portfolio_audit_changelog-0.3.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: portfolio-audit-changelog\nVersion: 0.3\n")
    (metadata / "entry_points.txt").write_text("[portfolio_audit.checks]\nchangelog = changelog_plugin\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", TRY], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "works\n"
