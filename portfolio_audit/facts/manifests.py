"""Dependency manifests: which there are, what they ask for, and how firmly."""

import re
from typing import Literal

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.manifest_formats import Package, read_manifest
from portfolio_audit.facts.paths import folders, is_example, is_test, name, own_files
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

MANIFEST_LIMIT = 20
PACKAGE_LIMIT = 80

Ecosystem = Literal[
    "python",
    "javascript",
    "r",
    "julia",
    "go",
    "rust",
    "java",
    "dotnet",
    "ruby",
    "php",
    "dart",
    "elixir",
    "swift",
    "cpp",
]

_ECOSYSTEMS: dict[Ecosystem, str] = {
    "python": "pyproject.toml setup.py setup.cfg pipfile environment.yml environment.yaml conda.yml "
    "conda.yaml pixi.toml",
    "javascript": "package.json deno.json",
    "r": "description renv.lock",
    "julia": "project.toml",
    "go": "go.mod",
    "rust": "cargo.toml",
    "java": "pom.xml build.gradle build.gradle.kts build.sbt",
    "ruby": "gemfile",
    "php": "composer.json",
    "dart": "pubspec.yaml",
    "elixir": "mix.exs",
    "swift": "package.swift",
    "cpp": "cmakelists.txt conanfile.txt conanfile.py vcpkg.json",
}
_NAMES = {name: ecosystem for ecosystem, names in _ECOSYSTEMS.items() for name in names.split()}
LOCKS = frozenset(
    "requirements.lock requirements-dev.lock pylock.toml conda-linux-64.lock conda-osx-arm64.lock conda-win-64.lock "
    "poetry.lock uv.lock pipfile.lock pdm.lock pixi.lock conda-lock.yml package-lock.json yarn.lock pnpm-lock.yaml "
    "bun.lockb bun.lock renv.lock manifest.toml go.sum cargo.lock gemfile.lock composer.lock pubspec.lock mix.lock "
    "package.resolved gradle.lockfile".split()
)
_RECORDED = frozenset("mlruns mlartifacts artifacts".split())
_REQUIREMENTS = re.compile(
    r"(?:requirements?|reqs?|requisitos|requerimientos)(?:[-_.][\w.-]{1,40})?\.(?:txt|in|pip)|"
    r"(?:[\w-]{1,40}[-_])(?:requirements?|reqs?)\.(?:txt|in)|requirements"
)
# Environments of conda under names of their own: in such a folder, or with such a name.
_CONDA = re.compile(
    r"(?:^|/)(?:envs?|conda|environments)/[^/]{1,80}\.ya?ml$|(?:^|[/_-])(?:env|environment)[\w.-]{0,40}\.ya?ml$"
)


class Manifest(Value, frozen=True):
    """A file that says what the project needs; `project` is the name it gives the project itself.

    `readable` is false where its text could not be had or is not of its format.
    """

    path: str
    ecosystem: Ecosystem
    packages: tuple[Package, ...] = ()
    project: str | None = None
    readable: bool = True


class Manifests(Value, frozen=True):
    """All manifests, those nearest the root first, and the lock files beside them."""

    files: tuple[Manifest, ...] = ()
    locks: tuple[str, ...] = ()

    def asks_for(self, *names: str) -> tuple[Location, str] | None:
        """Where the first of these packages is asked for, and its name."""
        for manifest in self.files:
            for package in manifest.packages:
                if package.name in names:
                    return Location(manifest.path, package.line), package.name
        return None


def find_manifests(tree: SourceTree) -> Manifests:
    """The manifests of the project itself, with the first eighty packages of each; a fact keeps no more."""
    whole = tree.derive(read_manifests)
    cut = (msgspec.structs.replace(each, packages=each.packages[:PACKAGE_LIMIT]) for each in whole.files)
    return Manifests(tuple(cut), whole.locks)


def read_manifests(tree: SourceTree) -> Manifests:
    """The manifests with all that they ask for; those of tests and examples are left out."""
    found: list[Manifest] = []
    locks: list[str] = []
    for file in sorted(tree.derive(own_files), key=lambda each: (each.path.count("/"), each.path)):
        base = name(file.path).lower()
        if base in LOCKS:
            locks.append(file.path)
        ecosystem = _ecosystem(base, file.path)
        if ecosystem is not None and len(found) < MANIFEST_LIMIT and not _is_aside(file.path):
            manifest = _read(tree, file.path, ecosystem)
            # A file that only looks like an environment of conda asks for nothing.
            if base in _NAMES or manifest.packages or not base.endswith((".yml", ".yaml")):
                found.append(manifest)
    # A lock file ends like generated code, so those are looked for in the whole listing.
    beside = {file.path for file in tree.files if name(file.path).lower() in LOCKS and file.path.count("/") <= 2}
    return Manifests(tuple(found), tuple(sorted(set(locks) | beside)[:MANIFEST_LIMIT]))


def _is_aside(path: str) -> bool:
    """Whether the manifest is of a test, an example or a recorded model rather than of the project."""
    return is_test(path) or is_example(path) or bool(_RECORDED & set(folders(path)))


def _ecosystem(base: str, path: str) -> Ecosystem | None:
    if base in ("description", "project.toml") and path.count("/") > 1:
        return None
    if base in _NAMES:
        return _NAMES[base]
    if "req" in base and _REQUIREMENTS.fullmatch(base):
        return "python"
    if base.endswith((".txt", ".in")) and folders(path)[-1:] == ("requirements",):
        return "python"
    if base.endswith((".yml", ".yaml")) and _CONDA.search(path.lower()) and not path.startswith(".github/"):
        return "python"
    return "dotnet" if base.endswith((".csproj", ".fsproj")) else None


def _read(tree: SourceTree, path: str, ecosystem: Ecosystem) -> Manifest:
    try:
        base = name(path).lower()
        conda = base.endswith((".yml", ".yaml"))
        project, packages = read_manifest(tree.text(path), "environment.yml" if conda and base not in _NAMES else base)
    except Unavailable as unavailable:
        tree.note(path, unavailable)
        return Manifest(path, ecosystem, readable=False)
    return Manifest(path, ecosystem, packages, project)
