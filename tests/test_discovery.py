"""Discovery: providers are found by their entry point, and a broken one costs only itself."""

from collections.abc import Callable
from pathlib import Path

import pytest

from portfolio_audit.discovery import discover
from portfolio_audit.errors import PluginError

CHECK = '''
from typing import Self

from portfolio_audit.api import Outcome, TreeFact, check, passed


class Nothing(TreeFact, frozen=True):
    @classmethod
    def distil(cls, tree) -> Self | None:
        return cls()


@check(id="{id}", title="It holds")
def holds(nothing: Nothing) -> Outcome:
    """Why."""
    return passed("yes")
'''

Install = Callable[[str, dict[str, str]], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Lays out a distribution as an installer would: its modules and the metadata that names the entry point."""

    def put(package: str, files: dict[str, str]) -> None:
        for name, text in files.items():
            file = tmp_path / package / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        metadata = tmp_path / f"{package}-1.2.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n")
        (metadata / "entry_points.txt").write_text(f"[portfolio_audit.checks]\n{package} = {package}\n")

    monkeypatch.syspath_prepend(str(tmp_path))
    return put


def ids(provider: str) -> list[str]:
    return [provided.check.id for provided in discover().checks if provided.provider == provider]


def test_built_in_checks_are_found_and_sorted() -> None:
    found = discover()
    everything = [provided.check.id for provided in found.checks]
    assert "readme-present" in everything
    assert everything == sorted(everything)
    assert all(provided.version for provided in found.checks)
    assert found.problems == ()


def test_the_direct_modules_of_a_package_are_walked(install: Install) -> None:
    install("walked_plugin", {"__init__.py": "", "one.py": CHECK.format(id="plug-one"), "deep/__init__.py": ""})
    (provided,) = [provided for provided in discover().checks if provided.check.id == "plug-one"]
    assert (provided.provider, provided.version) == ("walked_plugin", "1.2")


def test_a_check_that_a_module_hands_on_is_counted_once(install: Install) -> None:
    install("handing_plugin", {"__init__.py": "from .one import holds", "one.py": CHECK.format(id="plug-handed")})
    assert ids("handing_plugin") == ["plug-handed"]


def test_one_id_from_two_providers_names_both(install: Install) -> None:
    install("first_plugin", {"__init__.py": CHECK.format(id="plug-same")})
    install("second_plugin", {"__init__.py": CHECK.format(id="plug-same")})
    with pytest.raises(PluginError, match=r"'plug-same'.*first_plugin.*second_plugin"):
        discover()


@pytest.mark.parametrize("fault", ["import no_such_module_anywhere", "raise SystemExit(3)", "1 / 0", "def"])
def test_a_module_that_does_not_import_is_reported_and_skipped(install: Install, fault: str) -> None:
    package = f"broken_plugin_{len(fault)}"
    install(package, {"__init__.py": "", "bad.py": fault, "good.py": CHECK.format(id="plug-good")})
    found = discover()
    assert [(problem.provider, problem.module) for problem in found.problems] == [(package, f"{package}.bad")]
    assert ids(package) == ["plug-good"]
    assert "readme-present" in ids("portfolio-audit")


def test_a_provider_that_is_missing_altogether_is_reported(install: Install, tmp_path: Path) -> None:
    install("gone_plugin", {})
    (problem,) = discover().problems
    assert problem.provider == "gone_plugin"
    assert "gone_plugin" in problem.reason
