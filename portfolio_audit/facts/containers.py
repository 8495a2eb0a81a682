"""Container files of the project itself, whatever they are called, told apart from those of a workbench or a test."""

import re
from typing import Literal

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.configuration import mapping, parse_yaml
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.paths import folders, language, name, own_files, suffix
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import KIB, SourceTree, decode

CONTAINER_LIMIT = 40
_SNIFFED = 16 * KIB

_FROM = re.compile(r"^\s{0,8}FROM\s+(?:--platform=\S{1,60}\s+)?[\w./:@${}-]{2,200}", re.IGNORECASE)
_STEP = re.compile(r"^(?:RUN|COPY|ADD|CMD|ENTRYPOINT|WORKDIR|EXPOSE)\s", re.MULTILINE)
_COMPOSE = re.compile(
    r"(?:^|[-_.])(?:docker[-_]?)?compose(?:[-_.][\w.-]{1,40})?\.ya?ml$|^docker-compose[\w.-]{0,40}\.ya?ml$"
)
_DATA = frozenset((".yml", ".yaml", ".json", ".html", ".toml"))
_ASIDE = frozenset(
    "test tests testing e2e examples example samples sample docs doc tutorial tutorials fixtures".split()
)
_TEST_FOLDER = re.compile(r"(?:^|[-_])tests?(?:$|[-_])|integration")


class Container(Value, frozen=True):
    """A container file. `use` is "project", "workbench" (a dev container), "test" or "example"."""

    kind: Literal["dockerfile", "compose"]
    use: Literal["project", "workbench", "test", "example"]
    location: Location


def find_containers(tree: SourceTree) -> tuple[Container, ...]:
    """All container files, those of the project first."""
    found: dict[str, Container] = {}
    referred: set[str] = set()
    for file in tree.derive(own_files):
        lower = name(file.path).lower()
        if _COMPOSE.search(lower):
            services, files = _compose(tree, file.path)
            if services:
                found[file.path] = Container("compose", _use(file.path), Location(file.path))
                referred |= files
        elif file.size and (_is_dockerfile_name(lower) or _looks_like_one(tree, file.path, file.size)):
            found[file.path] = Container(
                "dockerfile", _use(file.path), Location(file.path, _from_line(tree, file.path))
            )
        if len(found) >= CONTAINER_LIMIT:
            break
    for path in sorted(referred):
        if path in tree and path not in found and len(found) < CONTAINER_LIMIT:
            found[path] = Container("dockerfile", _use(path), Location(path))
    return tuple(
        sorted(
            found.values(), key=lambda each: (each.use != "project", each.location.path.count("/"), each.location.path)
        )
    )


def find_blank(tree: SourceTree) -> tuple[str, ...]:
    """Dockerfiles of the project without a single byte, which build nothing."""
    files = (file.path for file in tree.derive(own_files) if file.kind == "file" and not file.size)
    return tuple(path for path in files if _is_dockerfile_name(name(path).lower()) and _use(path) == "project")[:5]


def _use(path: str) -> Literal["project", "workbench", "test", "example"]:
    above = folders(path)
    if ".devcontainer" in above or "devcontainer" in name(path).lower():
        return "workbench"
    if any(_TEST_FOLDER.search(folder) for folder in above) or re.search(r"[-_.]tests?[-_.]", name(path).lower()):
        return "test"
    if any(folder.strip("_") in _ASIDE or "{{" in folder for folder in above):
        return "example"
    return "project"


def _is_dockerfile_name(lower: str) -> bool:
    if "dockerfile" not in lower and "containerfile" not in lower:
        return False
    if (
        lower.endswith((".md", ".txt", ".dockerignore", ".tmpl", ".j2", ".jinja"))
        or language(lower)
        or suffix(lower) in _DATA
    ):
        return False
    return lower.startswith(("dockerfile", "containerfile")) or lower.endswith(
        (".dockerfile", "-dockerfile", "_dockerfile", ".containerfile")
    )


def _looks_like_one(tree: SourceTree, path: str, size: int) -> bool:
    """Whether a small file without an ending begins like a Dockerfile and has its steps."""
    if suffix(path) or size > _SNIFFED or name(path).startswith("."):
        return False
    try:
        content = tree.head(path)
    except Unavailable:
        return False
    if b"FROM" not in content.upper():
        return False
    text = decode(content)
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    lines = [line for line in lines[:20] if not line.upper().startswith("ARG ")]
    return bool(lines) and _FROM.match(lines[0]) is not None and _STEP.search(text) is not None


def _from_line(tree: SourceTree, path: str) -> int | None:
    try:
        text = decode(tree.head(path))
    except Unavailable:
        return None
    return next((number for number, line in enumerate(text.split("\n"), 1) if _FROM.match(line)), None)


def _compose(tree: SourceTree, path: str) -> tuple[bool, set[str]]:
    """Whether the file has services, and the Dockerfiles they name. An unreadable file is taken at its name."""
    try:
        documents = parse_yaml(tree.text(path))
    except Unavailable as unavailable:
        tree.note(path, unavailable)
        return True, set()
    root = mapping(documents[0]) if documents else {}
    services = root.get("services")
    old = not services and any(
        isinstance(value, dict) and ("image" in value or "build" in value) for value in root.values()
    )
    files: set[str] = set()
    folder = path.rpartition("/")[0]
    for service in mapping(services).values():
        build = mapping(service).get("build")
        if isinstance(build, dict) and isinstance(build.get("dockerfile"), str):
            context = str(build.get("context") or ".")
            parts = [part for part in f"{folder}/{context}/{build['dockerfile']}".split("/") if part not in ("", ".")]
            files.add("/".join(parts))
    return bool(services) or old, files
