"""Commands that run something in a container: what runs inside, as the command itself says or as a compose file does.

`docker compose run --rm tests` names a service only; what it does stands in the compose file, or in the Dockerfile that
the service is built from.
"""

import re
from typing import Any, NamedTuple

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.configuration import mapping, parse_json, parse_yaml, sequence
from portfolio_audit.facts.paths import name, own_files
from portfolio_audit.tree import SourceTree

WORDS, FILES, SERVICES = 60, 10, 40
"""Words of a command, compose files of a repository, and services of a file, that are looked at."""

_EXPRESSION = re.compile(r"\$\{\{[^{}]{0,120}\}\}")
_SHELL = re.compile(r"^(?:/\w{1,8}){0,3}/?(?:ba|z|da)?sh +-\w{0,3}c +")
# Options without a value; any other takes the next word.
_FLAGS = frozenset(
    "rm detach init privileged no-deps build quiet-pull service-ports abort-on-container-exit remove-orphans verbose "
    "force-recreate quiet read-only publish-all no-TTY interactive tty wait no-build no-recreate renew-anon-volumes "
    "abort-on-container-failure attach-dependencies no-log-prefix no-color always-recreate-deps no-start use-aliases "
    "no-ansi compatibility all-resources".split()
)
_SHORT_FLAGS = re.compile(r"-[ditTPqV]{1,4}")
_DEFAULTS = frozenset(
    "docker-compose.yml docker-compose.yaml compose.yml compose.yaml docker-compose.override.yml".split()
)
_COMPOSE = re.compile(r"compose[\w.-]{0,40}\.ya?ml$")
_STARTS = re.compile(r"^[ \t]{0,8}(CMD|ENTRYPOINT)[ \t]+(\S.{0,400})$", re.MULTILINE | re.IGNORECASE)
_STAGE = re.compile(r"^[ \t]{0,8}FROM[ \t][^\n]{1,300}$", re.MULTILINE | re.IGNORECASE)


class Contained(NamedTuple):
    """A command that runs a container: `command` inside it, or "" where the image or the service says what runs.

    `services` of a compose file (in `files`, if the command names any) are None where it is an image that is run; none
    at all are all of them. `detached`: it goes on in the background, and nobody waits for how it ends.
    """

    command: str
    services: tuple[str, ...] | None
    files: tuple[str, ...]
    detached: bool
    verb: str

    @property
    def starts(self) -> bool:
        """Whether it starts what the image or the services are for, rather than one command in it."""
        return self.verb == "up" or (self.verb == "run" and (self.detached or not (self.command or self.services)))


class _Service(NamedTuple):
    command: str
    optional: bool


def read_contained(command: str) -> Contained | None:
    """What a command runs in a container, or None if it runs none."""
    if not command.startswith(("docker", "podman")):
        return None
    words = _EXPRESSION.sub("_", command).split()[:WORDS]
    compose = words[0].endswith("-compose") or words[1:2] == ["compose"]
    rest = words[1 if words[0].endswith("-compose") else 2 if compose or words[1:2] == ["container"] else 1 :]
    above, rest = _options(rest) if compose else ({}, rest)
    if not rest or rest[0] not in ("run", "exec", "up") or (rest[0] == "up") > compose:
        return None
    verb, (options, rest) = rest[0], _options(rest[1:])
    files = (*above.get("-f", ()), *above.get("--file", ()))
    detached = "--detach" in options or any(_SHORT_FLAGS.fullmatch(each) and "d" in each for each in options)
    if verb == "up":
        waited = tuple(options.get("--exit-code-from", ()))
        return Contained("", waited or tuple(rest), files, detached, verb)
    if not rest:
        return None
    inner = _SHELL.sub("", " ".join(rest[1:])).partition(" | ")[0].strip("\"' ")
    return Contained(inner, (rest[0],) if compose else None, files, detached, verb)


def service_commands(tree: SourceTree, contained: Contained) -> tuple[str, ...]:
    """What the services that a command starts run, as far as the compose files of the repository say it."""
    known = tree.derive(_services)
    if contained.files:
        ends = tuple("/" + each.strip("\"'").removeprefix("./").replace("../", "") for each in contained.files)
        known = {path: services for path, services in known.items() if f"/{path}".endswith(ends)}
    else:
        known = {path: services for path, services in known.items() if name(path).lower() in _DEFAULTS}
    if contained.services:
        named = [services[each] for each in contained.services for services in known.values() if each in services]
    else:
        first = next(iter(known.values()), {})
        named = [service for service in first.values() if not service.optional]
    return tuple(service.command for service in named if service.command)


def _options(words: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """The options at the beginning, each with its values, and the rest."""
    found: dict[str, list[str]] = {}
    at = 0
    while at < len(words) and words[at].startswith("-"):
        option, sign, value = words[at].partition("=")
        at += 1
        values = found.setdefault(option, [])
        if sign:
            values.append(value)
        elif option.startswith("--"):
            if option[2:] not in _FLAGS:
                values.extend(words[at : at + 1])
                at += 1
        elif len(option) == 2 and not _SHORT_FLAGS.fullmatch(option):
            values.extend(words[at : at + 1])
            at += 1
    return found, words[at:]


def _services(tree: SourceTree) -> dict[str, dict[str, _Service]]:
    """The services of each compose file, those near the root first."""
    paths = [file.path for file in tree.derive(own_files) if _COMPOSE.search(name(file.path).lower())]
    found: dict[str, dict[str, _Service]] = {}
    for path in sorted(paths, key=lambda each: (each.count("/"), each))[:FILES]:
        try:
            documents = parse_yaml(tree.text(path))
        except Unavailable as unavailable:
            tree.note(path, unavailable)
            continue
        services = mapping(mapping(documents[0]).get("services")) if documents else {}
        folder = path.rpartition("/")[0]
        found[path] = {
            str(each): _Service(_command(tree, folder, mapping(service)), "profiles" in mapping(service))
            for each, service in list(services.items())[:SERVICES]
        }
    return found


def _command(tree: SourceTree, folder: str, service: dict[Any, Any]) -> str:
    """What a service runs: what it says itself, else what the Dockerfile that it is built from says."""
    parts = [service.get("entrypoint"), service.get("command")]
    said = " ".join(_said(part) for part in parts if part)
    if not said and "build" in service:
        build = service["build"] if isinstance(service["build"], dict) else {"context": service["build"]}
        path = f"{folder}/{build.get('context') or '.'}/{build.get('dockerfile') or 'Dockerfile'}"
        said = _started(tree, "/".join(part for part in path.split("/") if part not in ("", ".")), build.get("target"))
    return _SHELL.sub("", said).strip("\"' \n")


def _said(value: object) -> str:
    return " ".join(str(each) for each in sequence(value) if isinstance(each, (str, int)))


def _started(tree: SourceTree, path: str, target: object) -> str:
    """What the last stage of a Dockerfile, or the one that is asked for, starts."""
    if path not in tree:
        return ""
    try:
        text = tree.text(path)
    except Unavailable:
        return ""
    stages = list(_STAGE.finditer(text))
    named = [each for each in stages if target and each[0].lower().rstrip().endswith(f" as {str(target).lower()}")]
    if not stages or (target and not named):
        return ""
    chosen = named[0] if named else stages[-1]
    end = next((each.start() for each in stages if each.start() > chosen.start()), len(text))
    last = {each[1].upper(): each[2].strip() for each in _STARTS.finditer(text, chosen.end(), end)}
    return " ".join(_listed(last[kind]) for kind in ("ENTRYPOINT", "CMD") if kind in last)


def _listed(text: str) -> str:
    """The words of a command, which a Dockerfile may give as a list."""
    if not text.startswith("["):
        return text
    try:
        return _said(parse_json(text))
    except Unavailable:
        return ""
