"""Compose files: which services they start, and whether one of them is the project's own.

Many start a database or a broker for the project and pack nothing of it. A service is the project's own if it is built,
runs files of the project that are mounted into it, or has an image that the project makes.
"""

import re
from typing import Any

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.configuration import mapping, parse_yaml, sequence
from portfolio_audit.facts.words import load_table
from portfolio_audit.tree import KIB, SourceTree

_VARIABLE = re.compile(r"\$\{\w{1,80}(?::?[-?]([^{}]{0,120}))?\}|\$\w{1,80}")
SERVICES, MOUNTS = 40, 12
"""Services of a file, and mounts of a service, that are looked at."""

# Registries that hold what an account puts there, by their hosts.
_PRIVATE = re.compile(r"\.dkr\.ecr\.|\.azurecr\.io/|\.pkg\.dev/|\.ocir\.io/|^localhost:")
_MAKING = ("docker build", "docker push", "docker tag", "buildx", "build-push-action", "podman build")


def compose_file(tree: SourceTree, path: str) -> tuple[bool, bool, set[str]]:
    """Whether the file has services, whether one is the project's own, and the Dockerfiles that they name.

    An unreadable file is taken at its name.
    """
    try:
        documents = parse_yaml(tree.text(path))
    except Unavailable as unavailable:
        tree.note(path, unavailable)
        return True, True, set()
    root = mapping(documents[0]) if documents else {}
    listed = root.get("services")
    old = {
        key: value for key, value in root.items() if isinstance(value, dict) and ("image" in value or "build" in value)
    }
    services = [mapping(service) for service in mapping(listed or old).values()]
    files: set[str] = set()
    folder = path.rpartition("/")[0]
    for service in services:
        build = service.get("build")
        if isinstance(build, dict) and isinstance(build.get("dockerfile"), str):
            context = str(build.get("context") or ".")
            parts = [part for part in f"{folder}/{context}/{build['dockerfile']}".split("/") if part not in ("", ".")]
            files.add("/".join(parts))
    own = "include" in root or any(_is_own(tree, folder, service) for service in services[:SERVICES])
    return bool(services) or bool(listed), own, files


def _is_own(tree: SourceTree, folder: str, service: dict[Any, Any]) -> bool:
    if "build" in service or "extends" in service:
        return True
    if any(_mounts_code(tree, folder, mount) for mount in sequence(service.get("volumes"))[:MOUNTS]):
        return True
    return _made(tree, str(service.get("image") or ""))


def _made(tree: SourceTree, image: str) -> bool:
    """Whether the project makes the image: its name is left to a variable, is nobody's, or stands where one is made."""
    plain = _VARIABLE.sub(lambda found: found[1] or "\0", image.partition("@")[0])
    place, slash, last = plain.rpartition("/")
    name = place + slash + last.partition(":")[0]
    if not name:
        return False
    if "\0" in name or _PRIVATE.search(name):
        return True
    if "/" not in name:
        return name.lower() not in load_table("serving")["containers"]["official"].split()
    return any(name in text for text in tree.derive(_makers))


def _makers(tree: SourceTree) -> tuple[str, ...]:
    """The texts of the files that make images."""
    found: list[str] = []
    for file in tree.derive(paths.own_files):
        base, above = paths.name(file.path).lower(), paths.folders(file.path)
        telling = base in ("makefile", "justfile", "readme.md", ".gitlab-ci.yml", "jenkinsfile") or base.endswith(".sh")
        if (telling or above[:2] == (".github", "workflows")) and file.size < 128 * KIB:
            try:
                text = tree.text(file.path)
            except Unavailable:
                continue
            if any(each in text for each in _MAKING):
                found.append(text)
    return tuple(found[:SERVICES])


def _mounts_code(tree: SourceTree, folder: str, mount: object) -> bool:
    """Whether a volume is a file or folder of the project in which code lies."""
    source = str(mapping(mount).get("source") or "") if isinstance(mount, dict) else str(mount)
    source = _VARIABLE.sub(lambda found: found[1] or "", source)
    if isinstance(mount, str):
        source = source.partition(":")[0]
    if not source.startswith((".", "/.")) or ".." in source:
        return False
    parts = [part for part in f"{folder}/{source}".split("/") if part not in ("", ".")]
    return "/".join(parts) in tree.derive(_code_places)


def _code_places(tree: SourceTree) -> frozenset[str]:
    """The files with code, and all folders that have some in them; the root is ""."""
    found: set[str] = set()
    for file in tree.derive(paths.own_files):
        place = file.path
        if (paths.language(place) or "") not in ("", "SQL", "Shell"):
            while place not in found:
                found.add(place)
                place = place.rpartition("/")[0]
    return frozenset(found)
