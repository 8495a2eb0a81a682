"""Dependency manifests: which there are, what they ask for, and how firmly."""

import re
from collections.abc import Iterator
from typing import Any, Literal

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.configuration import line_of, mapping, parse_json, parse_toml, parse_yaml, sequence
from portfolio_audit.facts.fact import Location
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
    "poetry.lock uv.lock pipfile.lock pdm.lock pixi.lock conda-lock.yml package-lock.json yarn.lock pnpm-lock.yaml "
    "bun.lockb bun.lock renv.lock manifest.toml go.sum cargo.lock gemfile.lock composer.lock pubspec.lock mix.lock "
    "package.resolved gradle.lockfile".split()
)
_RECORDED = frozenset("mlruns mlartifacts artifacts".split())
_REQUIREMENTS = re.compile(
    r"requirements?(?:[-_.][\w.-]{1,40})?\.(?:txt|in|pip)|(?:[\w-]{1,40}[-_])requirements?\.(?:txt|in)"
)
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]{0,80})\s*(?:\[[^\]]{0,80}\])?\s*([=<>!~^@;,].{0,120})?$")
_QUOTED = re.compile(r"[\"']([A-Za-z][\w.-]{1,60}(?:\[[\w,]{1,40}\])?(?:[=<>!~]{1,3}[\w.*,<>=]{1,30})?)[\"']")
_EXACT = re.compile(r"^={2,3}\s?[\d.]+[\w.]{0,30}$")


class Package(Value, frozen=True):
    """A package asked for: its normalised name, the line, and whether one exact version is asked for."""

    name: str
    line: int | None = None
    pinned: bool = False


class Manifest(Value, frozen=True):
    """A file that says what the project needs; `project` is the name it gives the project itself."""

    path: str
    ecosystem: Ecosystem
    packages: tuple[Package, ...] = ()
    project: str | None = None


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
    """The manifests of the project itself; those of tests and examples are left out."""
    found: list[Manifest] = []
    locks: list[str] = []
    for file in sorted(tree.derive(own_files), key=lambda each: (each.path.count("/"), each.path)):
        base = name(file.path).lower()
        if base in LOCKS:
            locks.append(file.path)
        ecosystem = _ecosystem(base, file.path)
        if ecosystem is None or len(found) >= MANIFEST_LIMIT or _is_aside(file.path):
            continue
        project, packages = _read(tree, file.path, base)
        found.append(Manifest(file.path, ecosystem, packages[:PACKAGE_LIMIT], project))
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
    if _REQUIREMENTS.fullmatch(base) or (base.endswith((".txt", ".in")) and path.lower().startswith("requirements/")):
        return "python"
    return "dotnet" if base.endswith((".csproj", ".fsproj")) else None


def _read(tree: SourceTree, path: str, base: str) -> tuple[str | None, tuple[Package, ...]]:
    try:
        text = tree.text(path)
        if base == "package.json":
            return _package_json(text)
        if base == "pyproject.toml":
            return _pyproject(text)
        if base in ("environment.yml", "environment.yaml", "conda.yml", "conda.yaml"):
            return _conda(text)
        if base == "pipfile":
            data = parse_toml(text)
            return None, tuple(_named(text, {**mapping(data.get("packages")), **mapping(data.get("dev-packages"))}))
        if base == "cargo.toml":
            data = parse_toml(text)
            return _text(mapping(data.get("package")).get("name")), tuple(
                _named(text, mapping(data.get("dependencies")))
            )
        if base == "go.mod":
            return _go(text)
        if base == "setup.py":
            return None, tuple(_quoted(text))
        if base.endswith((".txt", ".in", ".pip")):
            return None, tuple(_requirements(text))
    except Unavailable:
        pass
    return None, ()


def normalise(package: str) -> str:
    """A package name as registries compare it: lower case, dashes for dots and underscores."""
    return re.sub(r"[-_.]+", "-", package.lower())


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _requirements(text: str) -> Iterator[Package]:
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.partition(" #")[0].strip()[:200]
        if bare and not bare.startswith(("#", "-", "git+", "http", ".")) and (match := _REQUIREMENT.match(bare)):
            yield Package(normalise(match[1]), number, bool(_EXACT.match((match[2] or "").partition(";")[0].strip())))


def _package_json(text: str) -> tuple[str | None, tuple[Package, ...]]:
    data = mapping(parse_json(text))
    found = []
    for group in ("dependencies", "devDependencies", "peerDependencies"):
        for package, version in mapping(data.get(group)).items():
            line = line_of(text, f'"{package}"')
            found.append(Package(str(package).lower(), line, str(version)[:1].isdigit()))
    return _text(data.get("name")), tuple(found)


def _pyproject(text: str) -> tuple[str | None, tuple[Package, ...]]:
    data = parse_toml(text)
    project, poetry = mapping(data.get("project")), mapping(mapping(mapping(data.get("tool")).get("poetry")))
    asked = sequence(project.get("dependencies"))
    for group in (mapping(project.get("optional-dependencies")), mapping(data.get("dependency-groups"))):
        asked += [each for entries in group.values() for each in sequence(entries)]
    found = [package for each in asked if isinstance(each, str) for package in _one(text, each)]
    found += _named(text, mapping(poetry.get("dependencies")))
    for group in mapping(poetry.get("group")).values():
        found += _named(text, mapping(mapping(group).get("dependencies")))
    return _text(project.get("name")) or _text(poetry.get("name")), tuple(found)


def _conda(text: str) -> tuple[str | None, tuple[Package, ...]]:
    documents = parse_yaml(text)
    root = mapping(documents[0]) if documents else {}
    entries: list[Any] = []
    for entry in sequence(root.get("dependencies")):
        entries += sequence(entry.get("pip")) if isinstance(entry, dict) else [entry]
    named = [each.rpartition("::")[2].replace(" ", "") for each in entries if isinstance(each, str)]
    return _text(root.get("name")), tuple(package for each in named for package in _one(text, each))


def _go(text: str) -> tuple[str | None, tuple[Package, ...]]:
    found = []
    module = None
    for number, line in enumerate(text.split("\n"), 1):
        words = line.split()
        if words[:1] == ["module"] and len(words) > 1:
            module = words[1]
        elif (
            len(words) >= 2
            and "/" in words[-2 if words[-1].startswith("v") else -1]
            and words[0] not in ("replace", "exclude", "//")
        ):
            found.append(Package(words[1] if words[0] == "require" else words[0], number, True))
    return module, tuple(found)


def _quoted(text: str) -> Iterator[Package]:
    """Requirements named in a setup.py, read as text: it is never run."""
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        inside = inside or "install_requires" in line or "requirements" in line
        for each in _QUOTED.findall(line[:400]) if inside else ():
            for package in _one("", each):
                yield Package(package.name, number, package.pinned)
        if "]" in line.replace("[dev]", ""):
            inside = False


def _one(text: str, requirement: str) -> Iterator[Package]:
    match = _REQUIREMENT.match(requirement[:200])
    if match:
        version = (match[2] or "").partition(";")[0].strip()
        exact = bool(_EXACT.match(version)) or (
            version.startswith("=") and not version.startswith("==") and "*" not in version
        )
        yield Package(normalise(match[1]), line_of(text, match[1]) if text else None, exact)


def _named(text: str, table: dict[Any, Any]) -> Iterator[Package]:
    for package, wanted in table.items():
        version = mapping(wanted).get("version", wanted)
        pinned = isinstance(version, str) and (version[:1].isdigit() or version.startswith("=="))
        if str(package).lower() != "python":
            yield Package(normalise(str(package)), line_of(text, str(package)), pinned)
