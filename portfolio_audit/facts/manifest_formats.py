"""What a dependency manifest asks for, in each of the formats that name packages. Read as text, never run."""

import re
from collections.abc import Iterator
from typing import Any

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.configuration import line_of, mapping, parse_json, parse_toml, parse_yaml, sequence
from portfolio_audit.snapshot import Value

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]{0,80})\s*(?:\[[^\]]{0,80}\])?\s*([=<>!~^@;,(].{0,120})?$")
_QUOTED = re.compile(r"[\"']([A-Za-z][\w.-]{1,60}(?:\[[\w,]{1,40}\])?(?:\s?[=<>!~]{1,3}[\w.*,<>= ]{1,30})?)[\"']")
_EXACT = re.compile(r"^={2,3}\s?[\d.]+[\w.+!-]{0,30}$")
_BOUND = re.compile(r"^[~^]|~=|<|==")
_DIRECT = re.compile(r"#egg=([\w.-]{1,80})|/([\w.-]{1,80}?)(?:\.git)?(?:@[\w./-]{1,80})?\s*$")
_WHEEL = re.compile(r"(?:^|/)([A-Za-z]\w{0,60})-\d[\w.+]{0,40}-[\w.-]{1,80}\.whl")
_LIST = re.compile(r"(?:(\w{1,60})\s{0,4}(?:\+?=|:)|[\"']([\w-]{1,60})[\"']\s{0,4}:)[^\[\n]{0,60}\[")
_NO_PACKAGES = re.compile(
    r"(?i)classif|keyword|package_data|^packages|py_modules|scripts|ext_mod|entry|console|include|sources|args|url|author|data_files"
)
_STRING = re.compile(r"\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'")
_R_FIELDS = ("Imports", "Depends", "Suggests", "LinkingTo")

Found = tuple[str | None, tuple["Package", ...]]
"""The name that a manifest gives the project itself, and what it asks for."""


class Package(Value, frozen=True):
    """A package asked for: its normalised name, the line, whether one exact version is asked for, and whether at least
    the newest version allowed is held back (one version, a compatible release, an upper bound)."""

    name: str
    line: int | None = None
    pinned: bool = False
    firm: bool = False


def normalise(package: str) -> str:
    """A package name as registries compare it: lower case, dashes for dots and underscores."""
    return re.sub(r"[-_.]+", "-", package.lower())


def read_manifest(text: str, base: str) -> Found:
    """What the manifest of this file name (lower case) asks for; nothing for a format without package names.

    Raises Unavailable for text that is no TOML, YAML or JSON where it should be.
    """
    if base in _FORMATS:
        return _FORMATS[base](text)
    if base.endswith((".txt", ".in", ".pip")) or base == "requirements":
        return None, tuple(_requirements(text))
    return None, ()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _requirements(text: str) -> Iterator[Package]:
    for number, line in enumerate(text.replace("\x00", "").split("\n"), 1):
        bare = line.partition(" #")[0].strip()[:400]
        if "git+" in bare or "://" in bare or bare.endswith(".whl"):
            direct = _WHEEL.search(bare) or _DIRECT.search(bare)
            if direct and not bare.startswith(("-i", "--", "#")):
                yield Package(normalise(next(group for group in direct.groups() if group)), number, False, True)
            continue
        bare = bare.partition(" --hash")[0].rstrip("\\ ")[:200]
        if bare and not bare.startswith(("#", "-", ".")) and (match := _REQUIREMENT.match(bare)):
            yield _package(match[1], match[2] or "", number)


def _package(name: str, wanted: str, line: int | None) -> Package:
    version = wanted.partition(";")[0].strip(" ()")
    exact = bool(_EXACT.match(version)) or (
        version.startswith("=") and not version.startswith("==") and "*" not in version
    )
    return Package(normalise(name), line, exact, exact or "@" in version or bool(_BOUND.search(version)))


def _package_json(text: str) -> Found:
    data = mapping(parse_json(text))
    found = []
    for group in ("dependencies", "devDependencies", "peerDependencies"):
        for package, version in mapping(data.get(group)).items():
            line = line_of(text, f'"{package}"')
            wanted = str(version)
            found.append(Package(str(package).lower(), line, wanted[:1].isdigit(), wanted[:1] in "0123456789^~"))
    return _text(data.get("name")), tuple(found)


def _pyproject(text: str) -> Found:
    data = parse_toml(text)
    tool = mapping(data.get("tool"))
    project, poetry, flit = mapping(data.get("project")), mapping(tool.get("poetry")), mapping(tool.get("flit"))
    asked = sequence(project.get("dependencies")) + sequence(mapping(flit.get("metadata")).get("requires"))
    groups = (
        mapping(project.get("optional-dependencies")),
        mapping(data.get("dependency-groups")),
        mapping(mapping(tool.get("pdm")).get("dev-dependencies")),
        {"uv": mapping(tool.get("uv")).get("dev-dependencies")},
    )
    for group in groups:
        asked += [each for entries in group.values() for each in sequence(entries)]
    found = [package for each in asked if isinstance(each, str) for package in _one(text, each)]
    for table in (poetry, mapping(tool.get("pixi"))):
        found += _named(text, mapping(table.get("dependencies"))) + _named(text, mapping(table.get("dev-dependencies")))
        found += _named(text, mapping(table.get("pypi-dependencies")))
        for inner in (*mapping(table.get("group")).values(), *mapping(table.get("feature")).values()):
            found += _named(text, mapping(mapping(inner).get("dependencies")))
    return _text(project.get("name")) or _text(poetry.get("name")), tuple(found)


def _pixi(text: str) -> Found:
    data = parse_toml(text)
    found = _named(text, mapping(data.get("dependencies"))) + _named(text, mapping(data.get("pypi-dependencies")))
    for feature in mapping(data.get("feature")).values():
        found += _named(text, mapping(mapping(feature).get("dependencies")))
        found += _named(text, mapping(mapping(feature).get("pypi-dependencies")))
    return None, tuple(found)


def _pipfile(text: str) -> Found:
    data = parse_toml(text)
    return None, tuple(_named(text, {**mapping(data.get("packages")), **mapping(data.get("dev-packages"))}))


def _cargo(text: str) -> Found:
    data = parse_toml(text)
    return _text(mapping(data.get("package")).get("name")), tuple(_named(text, mapping(data.get("dependencies"))))


def _conda(text: str) -> Found:
    documents = parse_yaml(text)
    root = mapping(documents[0]) if documents else {}
    entries: list[Any] = []
    for entry in sequence(root.get("dependencies")):
        entries += sequence(entry.get("pip")) if isinstance(entry, dict) else [entry]
    named = [each.rpartition("::")[2].replace(" ", "") for each in entries if isinstance(each, str)]
    return _text(root.get("name")), tuple(package for each in named for package in _one(text, each))


def _go(text: str) -> Found:
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
            found.append(Package(words[1] if words[0] == "require" else words[0], number, True, True))
    return module, tuple(found)


def _setup_py(text: str) -> Found:
    """Requirements in the lists of a setup.py, which is never run; lists of other things are left out by name.

    Raises Unavailable where it asks for packages in a way that cannot be read without running it.
    """
    found = []
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        begins = _LIST.search(line[:400])
        if begins:
            inside = _NO_PACKAGES.search(begins[1] or begins[2]) is None
        for each in _QUOTED.findall(line[begins.end() if begins else 0 : 400]) if inside else ():
            found += [Package(one.name, number, one.pinned, one.firm) for one in _one("", each)]
        if "]" in _STRING.sub("", line):
            inside = False
    if "settings.ini" in text and "requirements" in text:
        raise Unavailable("its requirements stand in settings.ini")
    if not found and "install_requires" in text and ".txt" not in text:
        raise Unavailable("its requirements are worked out when it runs")
    return None, tuple(found)


def _setup_cfg(text: str) -> Found:
    """The lines under install_requires and under the extras of a setup.cfg."""
    found: list[Package] = []
    inside = extras = False
    for number, line in enumerate(text.split("\n"), 1):
        if line[:1] == "[":
            extras, inside = line.startswith("[options.extras_require]"), False
        elif line[:1] not in (" ", "\t", "", "#"):
            inside = extras or line.partition("=")[0].strip() in ("install_requires", "requires", "tests_require")
            line = line.partition("=")[2]
        if inside:
            found += [Package(one.name, number, one.pinned, one.firm) for one in _one("", line.strip())]
    return None, tuple(found)


def _description(text: str) -> Found:
    """Packages that an R package's DESCRIPTION depends on: fields go on in the lines that begin with a space."""
    found = []
    inside = False
    for number, line in enumerate(text.split("\n")[:2_000], 1):
        if line[:1] not in (" ", "\t"):
            field, _, line = line.partition(":")
            inside = field in _R_FIELDS
        for entry in line.split(",")[:50] if inside else ():
            name = entry.partition("(")[0].strip()
            if name and name != "R":
                found.append(Package(name[:80], number))
    return None, tuple(found)


def _julia(text: str) -> Found:
    data = parse_toml(text)
    bounds = mapping(data.get("compat"))
    deps = mapping(data.get("deps"))
    return _text(data.get("name")), tuple(
        Package(str(each), line_of(text, str(each)), False, each in bounds) for each in deps
    )


def _renv(text: str) -> Found:
    data = mapping(mapping(parse_json(text)).get("Packages"))
    return None, tuple(Package(str(each), line_of(text, f'"{each}"'), True, True) for each in data)


_FORMATS = {
    "package.json": _package_json, "pyproject.toml": _pyproject, "pixi.toml": _pixi, "pipfile": _pipfile,
    "cargo.toml": _cargo, "go.mod": _go, "setup.py": _setup_py, "setup.cfg": _setup_cfg, "description": _description,
    "project.toml": _julia, "renv.lock": _renv, "environment.yml": _conda, "environment.yaml": _conda,
    "conda.yml": _conda, "conda.yaml": _conda,
}  # fmt: skip


def _one(text: str, requirement: str) -> Iterator[Package]:
    match = _REQUIREMENT.match(requirement[:200])
    if match:
        yield _package(match[1], match[2] or "", line_of(text, match[1]) if text else None)


def _named(text: str, table: dict[Any, Any]) -> list[Package]:
    found = []
    for package, wanted in table.items():
        version = mapping(wanted).get("version", wanted)
        said = version if isinstance(version, str) else ""
        pinned = said[:1].isdigit() or said.startswith("==")
        if str(package).lower() != "python":
            line = line_of(text, str(package))
            found.append(Package(normalise(str(package)), line, pinned, pinned or bool(_BOUND.search(said))))
    return found
