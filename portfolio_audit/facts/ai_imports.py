"""What source files and manifests of languages other than Python name as their libraries."""

import re
from collections.abc import Callable, Iterator

from portfolio_audit.facts.other_code import OtherSource

FAMILIES = {
    "R": "r", "Julia": "julia", "JavaScript": "javascript", "TypeScript": "javascript", "Go": "go", "Rust": "rust",
    "Java": "jvm", "Kotlin": "jvm", "Scala": "jvm", "C++": "cpp", "C": "cpp", "C#": "dotnet", "Swift": "swift",
}  # fmt: skip
"""The section of the library data for each language that is read."""

# A pattern that begins with letters is found several times faster than one that begins with a word's boundary.
_IMPORTS = {
    "r": re.compile(r"\b(?:library|require|requireNamespace|p_load)\(\s*[\"']?([\w.]{2,60})|\b([A-Za-z][\w.]{1,60})::"),
    "julia": re.compile(r"^[ \t]*(?:using|import)[ \t]+([\w.,: \t]{2,300})", re.MULTILINE),
    "javascript": re.compile(
        r"(?:f(?<!\wf)rom|r(?<!\wr)equire\(|i(?<!\wi)mport\(?)\s{0,4}[\"'`]([^\"'`\n]{1,120})[\"'`]"
    ),
    "go": re.compile(r"\"([a-z][\w.-]{1,60}\.[a-z]{2,10}/[^\"\n]{1,160})\""),
    "rust": re.compile(r"(?:u(?<!\wu)se|e(?<!\we)xtern crate)\s{1,4}(?:::)?([a-z_]\w{1,60})"),
    "jvm": re.compile(r"^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]{3,160})", re.MULTILINE),
    "cpp": re.compile(r"^[ \t]*#[ \t]*include[ \t]*[<\"]([\w./+-]{2,160})", re.MULTILINE),
    "dotnet": re.compile(r"^[ \t]*(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?([A-Z][\w.]{2,160})", re.MULTILINE),
    "swift": re.compile(r"^[ \t]*import[ \t]+(?:struct[ \t]+|class[ \t]+)?(\w{2,60})", re.MULTILINE),
}

_MANIFESTS: dict[str, tuple[str, re.Pattern[str]]] = {
    "package.json": (
        "javascript",
        re.compile(r"\"(@?[\w.-]{1,80}(?:/[\w.-]{1,80})?)\"\s{0,4}:\s{0,4}\"(?:[\^~<>=*\dv]|latest|workspace|npm:)"),
    ),
    "cargo.toml": ("rust", re.compile(r"^([a-z][\w-]{1,60})\s{0,8}=\s{0,8}[{\"]", re.MULTILINE)),
    "go.mod": (
        "go",
        re.compile(r"^\s{0,8}(?:require\s)?\s{0,8}([a-z][\w.-]{1,60}\.[a-z]{2,10}/\S{1,160})\s+v\d", re.MULTILINE),
    ),
    "pom.xml": ("jvm", re.compile(r"<groupId>\s{0,8}([\w.]{3,120})")),
    "build.gradle": ("jvm", re.compile(r"[\"']([a-z][\w.]{2,120}):")),
    "build.gradle.kts": ("jvm", re.compile(r"[\"']([a-z][\w.]{2,120}):")),
    "build.sbt": ("jvm", re.compile(r"\"([a-z][\w.]{2,120})\"\s{0,4}%")),
    ".csproj": ("dotnet", re.compile(r"<PackageReference\s{1,8}Include=\"([\w.]{2,120})\"")),
}


def imported(source: OtherSource) -> tuple[tuple[str, int], ...]:
    """The libraries a source file names, each with its position; comment lines left out."""
    return source.derive(_imported)


def _imported(source: OtherSource) -> tuple[tuple[str, int], ...]:
    return tuple(_imports(source))


def _imports(source: OtherSource) -> Iterator[tuple[str, int]]:
    pattern = _IMPORTS.get(FAMILIES.get(source.language, ""))
    for found in pattern.finditer(source.text) if pattern else ():
        if source.commented(found.start() + 1) and source.language != "C++":
            continue
        said = next(group for group in found.groups() if group)
        names = re.split(r"[,\s]+", said.partition(":")[0]) if source.language == "Julia" else [said]
        for name in names:
            if name:
                yield name, found.start()


def manifest_names(name: str, read: Callable[[], str]) -> Iterator[tuple[str, str, int]]:
    """Library family, dependency and line for each dependency of a manifest called `name`; `read` gives its text."""
    known = _MANIFESTS.get(name) or _MANIFESTS.get(name[name.rfind(".") :] if name.endswith(".csproj") else "")
    if known is None:
        return
    family, pattern = known
    text = read()
    for found in pattern.finditer(text):
        dependency = found[1].replace("-", "_") if family == "rust" else found[1]
        yield family, dependency, text.count("\n", 0, found.start(1)) + 1
