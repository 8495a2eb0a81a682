"""Container files of the project itself, whatever they are called, told apart from those of a workbench or a test."""

import re
from typing import Literal

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.compose import compose_file
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.paths import folders, language, name, own_files, suffix
from portfolio_audit.facts.words import joined
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import KIB, SourceTree, decode

CONTAINER_LIMIT = 40
_COPIES = 20
_SNIFFED = 16 * KIB

_FROM = re.compile(r"^\s{0,8}FROM\s+(?:--platform=\S{1,60}\s+)?[\w./:@${}-]{2,200}", re.IGNORECASE)
_STEP = re.compile(r"^(?:RUN|COPY|ADD|CMD|ENTRYPOINT|WORKDIR|EXPOSE)\s", re.MULTILINE)
_COMPOSE = re.compile(
    r"(?:^|[-_.])(?:docker[-_]?)?compose(?:[-_.][\w.-]{1,40})?\.ya?ml$|^docker-compose[\w.-]{0,40}\.ya?ml$"
)
_COPYING = re.compile(r"^[ \t]{0,8}(?:COPY|ADD)[ \t]+(?!--from)", re.MULTILINE | re.IGNORECASE)
_INSTALLED = re.compile(r"pip3? install [^\n]{0,80}-r[ \t]{1,4}([\w./-]{1,80}\.txt)")
# Patterns, variables, addresses, and what a build makes.
_UNSURE = re.compile(
    r"[*?$<>\\]|://|\.\.|(?:^|/)(?:target|build|dist|out|bin|publish|release)(?:/|$)|\.(?:jar|war|whl)$"
)
_DATA = frozenset((".yml", ".yaml", ".json", ".html", ".toml"))
_LISTS = frozenset("requirements.txt setup.py setup.cfg pyproject.toml package.json Pipfile environment.yml".split())
_LOCKS = frozenset("poetry.lock uv.lock pdm.lock pipfile.lock pixi.lock".split())
_MAKING = ("export", "compile", "freeze", "pipreqs", "> requirements")
_ASIDE = frozenset(
    "test tests testing e2e examples example samples sample docs doc tutorial tutorials fixtures".split()
)
_TEST_FOLDER = re.compile(r"(?:^|[-_])tests?(?:$|[-_])|integration")


Use = Literal["project", "workbench", "test", "example", "services"]


class Container(Value, frozen=True):
    """A container file. `use` is "project", "workbench" (a dev container), "test", "example" or "services".

    The last is a compose file that starts images of others and nothing of the project. The note of a Dockerfile's
    location names what it asks for that the repository does not have.
    """

    kind: Literal["dockerfile", "compose"]
    use: Use
    location: Location


def find_containers(tree: SourceTree) -> tuple[Container, ...]:
    """All container files, those of the project first, and of these last the Dockerfiles that copy nothing of it."""
    found: dict[str, Container] = {}
    referred: set[str] = set()
    copying: set[str] = set()
    for file in tree.derive(own_files):
        lower = name(file.path).lower()
        if _COMPOSE.search(lower):
            services, own, files = compose_file(tree, file.path)
            if services:
                use = _use(file.path)
                use = "services" if use == "project" and not own else use
                found[file.path] = Container("compose", use, Location(file.path))
                referred |= files
        elif file.size and (_is_dockerfile_name(lower) or _looks_like_one(tree, file.path, file.size)):
            text = _head(tree, file.path)
            where = Location(file.path, _from_line(text), note=lacking(tree, text))
            found[file.path] = Container("dockerfile", _use(file.path), where)
            copying |= {file.path} if _COPYING.search(text) else set()
        if len(found) >= CONTAINER_LIMIT:
            break
    for path in sorted(referred):
        if path in tree and path not in found and len(found) < CONTAINER_LIMIT:
            found[path] = Container("dockerfile", _use(path), Location(path))
    idle = {path for path, each in found.items() if each.kind == "dockerfile" and path not in copying}
    return tuple(sorted(found.values(), key=lambda each: _rank(each, each.location.path in idle)))


def _rank(each: Container, idle: bool) -> tuple[bool, bool, int, str]:
    return each.use != "project", idle, each.location.path.count("/"), each.location.path


def find_blank(tree: SourceTree) -> tuple[str, ...]:
    """Dockerfiles of the project without a single byte, which build nothing."""
    files = (file.path for file in tree.derive(own_files) if file.kind == "file" and not file.size)
    return tuple(path for path in files if _is_dockerfile_name(name(path).lower()) and _use(path) == "project")[:5]


def _use(path: str) -> Use:
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


def _head(tree: SourceTree, path: str) -> str:
    try:
        return decode(tree.head(path))
    except Unavailable:
        return ""


def _from_line(text: str) -> int | None:
    return next((number for number, line in enumerate(text.split("\n"), 1) if _FROM.match(line)), None)


def lacking(tree: SourceTree, text: str) -> str:
    """What a Dockerfile copies or installs from that is nowhere in the repository, "" if nothing or if unsure.

    Copies count only if none of them is there, or what is not there is a file that somebody writes: what a build makes
    before, or a submodule brings, is no fault.
    """
    if any(file.kind == "submodule" for file in tree.files):
        return ""
    sources = [source for line in text.split("\n") for source in _copied(line)][:_COPIES]
    absent = [source for source in dict.fromkeys(sources) if not _lies(tree, source)]
    missing = absent if len(absent) == len(set(sources)) else [each for each in absent if _is_written(tree, text, each)]
    installed = _INSTALLED.search(text)
    listed = name(installed[1]) if installed and "export" not in text and "--from" not in text else ""
    brought = any(_COPYING.match(line) and name(line.split()[-1]) == listed for line in text.split("\n"))
    if listed and not _lies(tree, listed) and listed not in map(name, missing) and (not brought or listed in absent):
        missing = [*missing, listed]
    if not missing:
        return ""
    verb = "is" if len(missing) == 1 else "are"
    return f"asks for {joined(missing[:3])}, which {verb} not in the repository"


def _is_written(tree: SourceTree, text: str, source: str) -> bool:
    """Whether a path in a folder is that of a list of packages that nothing but a hand seems to make.

    Poetry, uv and pip-tools write such lists, so there must be none of their files and no word of them.
    """
    base = name(source)
    if "/" not in source or base not in _LISTS or any(word in text for word in _MAKING):
        return False
    compiled = suffix(base) == ".txt" and _lies(tree, source.removesuffix("txt") + "in")
    return not compiled and not any(name(file.path).lower() in _LOCKS for file in tree.files)


def _copied(line: str) -> tuple[str, ...]:
    """The files that a COPY or ADD of a Dockerfile names, as far as they can be looked up."""
    words = line[:400].replace("[", " ").replace("]", " ").replace(",", " ").replace('"', " ").split()
    if len(words) < 3 or words[0].upper() not in ("COPY", "ADD") or any(word.startswith("--from") for word in words):
        return ()
    plain = [word.removeprefix("./").strip("/") or "." for word in words[1:-1] if not word.startswith("--")]
    return tuple(word for word in plain if not _UNSURE.search(word))


def _parts(tree: SourceTree) -> frozenset[str]:
    """The names of all files and folders."""
    return frozenset(part for file in tree.files for part in file.path.split("/"))


def _lies(tree: SourceTree, source: str) -> bool:
    """Whether a file or folder of that name is anywhere, since the folder that a build starts in is not known."""
    inside, below = f"/{source}/", f"/{source}"
    if source != "." and name(source) not in tree.derive(_parts):
        return False
    return source == "." or any(inside in f"/{file.path}" or f"/{file.path}".endswith(below) for file in tree.files)
