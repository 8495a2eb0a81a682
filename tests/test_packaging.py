"""What is installed is what is in the tree: nothing forgotten, nothing at the top level that is not ours.

An editable install finds every file of the checkout, so only a built wheel shows what a person will be missing. All
builds run on a copy, offline, with the build backend of the running environment.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from portfolio_audit.discovery import discover

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {
    "portfolio_audit": "portfolio_audit",
    "checks": "portfolio_audit/checks",
    "report_templates": "portfolio_audit/report_templates",
}
"""Folders of the checkout and where they are installed."""
BESIDE = ("pyproject.toml", "README.md", "LICENSE", "MANIFEST.in", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", "*.egg-info", "build", "dist", ".*")


def tree() -> dict[str, Path]:
    """Every file that belongs into an installation, by the path it has there."""
    return {
        f"{place}/{path.relative_to(ROOT / folder).as_posix()}": path
        for folder, place in FOLDERS.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not any(part == "__pycache__" or part.startswith(".") for part in inside(path, folder))
    }


def inside(path: Path, folder: str) -> tuple[str, ...]:
    """The folders and the name of a file below one of the project's folders, where tools may keep hidden caches."""
    return path.relative_to(ROOT / folder).parts


def environment() -> dict[str, str]:
    """The environment without what would change where Python looks."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "COV_"))}


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def build(kind: str, source: Path, target: Path) -> Path:
    """A "wheel" or "sdist" of a source folder."""
    call = f"from setuptools import build_meta; build_meta.build_{kind}({str(target)!r})"
    target.mkdir()
    run(sys.executable, "-c", call, folder=source)
    (built,) = target.iterdir()
    return built


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    source = folder / "source"
    for name in (*FOLDERS, "tests", "docs", "benchmarks"):
        shutil.copytree(ROOT / name, source / name, ignore=LEFT_OUT)
    for name in BESIDE:
        shutil.copy(ROOT / name, source / name)
    return build("sdist", source, folder / "built")


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as for a release: from the source distribution, not from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # which 3.11 has from 3.11.4 on
        archive.extractall(folder)
    (source,) = folder.iterdir()
    return build("wheel", source, folder / "built")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the wheel, and the dependencies of the running one.

    The folder of the running one is put on the path by name; files that end in .pth are not read there, and with them
    not the hook of an editable install.
    """
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", "own", folder=folder)
    python = folder / "own" / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel, folder=folder)
    packages = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=folder).strip()
    theirs = dict.fromkeys(path for path in sys.path if Path(path).name in ("site-packages", "dist-packages"))
    (Path(packages) / "dependencies.pth").write_text("\n".join(theirs) + "\n", "utf-8")
    return python.parent


def test_every_package_of_the_tree_is_listed() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    places = {name.rpartition("/")[0] for name in tree() if name.endswith(".py") and "/data/demo/" not in name}
    assert sorted(place.replace("/", ".") for place in places) == settings["packages"]
    assert {name: settings["package-dir"][place.replace("/", ".")] for name, place in FOLDERS.items()} == {
        name: name for name in FOLDERS
    }


def test_the_wheel_holds_the_tree_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}
    assert sorted(packed) == sorted(tree())
    assert [name for name, path in tree().items() if packed[name] != path.read_bytes()] == []


def test_only_our_own_name_is_taken_at_the_top(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"portfolio_audit"}


def test_a_wheel_of_the_tree_is_the_wheel_of_the_source_distribution(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    direct = build("wheel", sdist.parent.parent / "source", tmp_path / "built")
    with zipfile.ZipFile(direct) as ours, zipfile.ZipFile(wheel) as theirs:
        assert {name: ours.read(name) for name in ours.namelist()} == {
            name: theirs.read(name) for name in theirs.namelist()
        }


def test_the_source_distribution_can_be_tested(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {"tests/test_packaging.py", "tests/conftest.py", "tests/ghstub/schema.graphql", "LICENSE", "CHANGELOG.md"}
    assert wanted - names == set()
    assert [name for name in names if name.endswith(".pyc")] == []


def test_the_installed_command_audits_the_demo(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import portfolio_audit; print(portfolio_audit.__file__)", folder=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)
    told = run(installed / "portfolio-audit", "demo", "--output", "pages", folder=tmp_path)
    assert "index.html" in told
    assert "<svg" in (tmp_path / "pages" / "noor-example.html").read_text("utf-8")


def test_the_installed_command_has_every_check(installed: Path, tmp_path: Path) -> None:
    told = run(installed / "portfolio-audit", "checks", "list", folder=tmp_path)
    ours = [provided.check.id for provided in discover().checks if provided.provider == "portfolio-audit"]
    assert ours
    assert [id for id in ours if id not in told] == []
