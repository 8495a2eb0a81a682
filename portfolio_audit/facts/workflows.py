"""Continuous integration: which systems are set up, what their jobs really run, and when.

A file named ci.yml may only echo. So the commands of every job are read and sorted by what they do. A test that only
runs by hand, or whose failure is passed over, protects nothing, so that is told too.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.commands import PURPOSES, Found, Purpose, prepares, read_command
from portfolio_audit.facts.configuration import EVENT_LIMIT, line_of, mapping, parse_yaml, sequence
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.paths import own_files
from portfolio_audit.facts.words import load_table
from portfolio_audit.facts.workflow_triggers import Trigger, limited, trigger
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

WORKFLOW_LIMIT = 60
LINE_LIMIT = 800
IDLE_SHOWN = 5
_NO_TEST = re.compile(r"doc|lint|release|deploy|publish|upload|stale|label|pages|codeql|security|comment")

_TABLE = load_table("ci_commands")
SERVICES = frozenset((*_TABLE["files"].values(), *_TABLE["folders"].values()))
# Travis runs these where a configuration names no script of its own.
_TRAVIS_DEFAULT = frozenset("go r node_js ruby java rust php julia scala".split())
_IDLE = re.compile(
    r"(?:^|/)\.github/workflows?[\w.-]{0,30}/(?:[\w.-]{1,60}/)?[\w.-]{1,80}\.ya?ml(?:\.\w{1,12})?$|"
    r"^\.github/(?:ci|tests?|main|build|python[\w-]{0,20}|workflow)\.ya?ml$|^workflows?/[\w.-]{1,60}\.ya?ml$|"
    r"(?:^|/)\.(?:travis|gitlab-ci)\.yml(?:\.\w{1,12})?$"
)
_NO_WORKFLOW = re.compile(r"stale|action\.ya?ml|\{|template")


class Workflow(Value, frozen=True):
    """One file of continuous integration. `runs` are the purposes of its commands; "echo" stands alone or not at all.

    `location` is the line of the command that says most (a test before all else), `places` that of each purpose in the
    order of `runs`, `commands` what it is. `trigger` is what starts it at best.
    `forgiving`: wherever it tests, a failure is passed over. `elsewhere` names a workflow of another repository that it
    calls, which cannot be seen; `unclear` is a command (at `doubt`) of a step that calls itself a test and does nothing
    known.
    `limited` are the patterns of paths of which alone a change starts it.
    `empty`: there is no command at all, as in a file that is commented out.
    """

    system: str
    location: Location
    runs: tuple[Purpose, ...] = ()
    command: str = ""
    trigger: Trigger = "change"
    forgiving: bool = False
    elsewhere: str = ""
    unclear: str = ""
    empty: bool = False
    readable: bool = True
    places: tuple[Location, ...] = ()
    commands: tuple[str, ...] = ()
    doubt: Location | None = None
    limited: tuple[str, ...] = ()

    def place(self, purpose: Purpose) -> Location:
        """Where it runs a command of that purpose."""
        return dict(zip(self.runs, self.places, strict=False)).get(purpose, self.location)


class _Line(NamedTuple):
    """A command of a workflow; `forgiven` if its step or job may fail, `named` if its step says that it tests.

    `hosted`: it runs on a machine of the service that is thrown away afterwards, so what it starts there is a trial.
    """

    text: str
    forgiven: bool = False
    named: bool = False
    hosted: bool = False


def find_workflows(tree: SourceTree) -> tuple[Workflow, ...]:
    """Every file of continuous integration that a service would run, GitHub Actions first."""
    named = [(file.path, system) for file in tree.files if (system := _system(file.path)) and file.kind != "symlink"]
    found: list[Workflow] = []
    calls: dict[str, list[Workflow]] = {}
    for path, system in named[:WORKFLOW_LIMIT]:
        workflow, called = _read(tree, path, system)
        found.append(workflow)
        for each in called:
            calls.setdefault(each, []).append(workflow)
    joined = (_started_by(workflow, calls.get(workflow.location.path, [])) for workflow in found)
    return tuple(sorted(joined, key=lambda workflow: (workflow.system != "GitHub Actions", workflow.location.path)))


def find_idle_workflows(tree: SourceTree) -> tuple[str, ...]:
    """Files that look like workflows where no service looks for them: another folder, another ending."""
    return tuple(
        file.path
        for file in tree.derive(own_files)
        if ".y" in file.path
        and _IDLE.search(file.path)
        and not _system(file.path)
        and not _NO_WORKFLOW.search(file.path.lower())
    )[:IDLE_SHOWN]


def _system(path: str) -> str | None:
    lower = path.lower()
    if lower in _TABLE["files"]:
        return str(_TABLE["files"][lower])
    folder, _, base = lower.rpartition("/")
    system: str | None = _TABLE["folders"].get(folder + "/")
    return system if system and base.endswith((".yml", ".yaml")) else None


def _started_by(workflow: Workflow, callers: list[Workflow]) -> Workflow:
    """A workflow that others call starts with them."""
    order: tuple[Trigger, ...] = ("change", "release", "schedule", "hand")
    best = min((caller.trigger for caller in callers), key=order.index, default=workflow.trigger)
    return msgspec.structs.replace(workflow, trigger=min(best, workflow.trigger, key=order.index))


def _read(tree: SourceTree, path: str, system: str) -> tuple[Workflow, list[str]]:
    """The workflow, and the paths of the workflows of this repository that it calls."""
    try:
        text = tree.text(path)
        documents = [] if path.lower() == "jenkinsfile" else parse_yaml(text)
    except Unavailable as unavailable:
        tree.note(path, unavailable)
        return Workflow(system, Location(path), readable=False), []
    root = mapping(documents[0]) if documents else {}
    lines = [_Line(each) for each in _jenkins(text)] if not documents else list(_commands(documents))[:LINE_LIMIT]
    local = [line._replace(text=line.text[3:]) for line in lines if line.text.startswith("@./.")]
    lines += [each for line in local for each in _local_action(tree, line)]
    purposes: dict[Purpose, str] = {}
    forgiven: dict[Purpose, bool] = {}
    unclear = ""
    for line in lines[:LINE_LIMIT]:
        done = read_command(tree, line.text)
        if "start" in done and not line.hosted:
            done.setdefault("deploy", done["start"])
        unclear = unclear or (line.text.strip() if _puzzles(line, done) else "")
        for purpose, hidden in done.items():
            hidden = hidden or line.forgiven
            if purpose not in purposes or (forgiven[purpose] and not hidden):
                purposes[purpose] = line.text
            forgiven[purpose] = forgiven.get(purpose, True) and hidden
    if system == "Travis CI" and "script" not in root and root.get("language") in _TRAVIS_DEFAULT:
        purposes.setdefault("test", str(root.get("language")))
    real = tuple(each for each in PURPOSES if each in purposes and each not in ("start", "echo"))
    said = [line.text for line in lines if "@" not in line.text]
    prints: tuple[Purpose, ...] = ("echo",) if said and all("echo" in read_command(tree, text) for text in said) else ()
    ran = [purposes.get(each, "").removeprefix("@") for each in real or prints]
    command = ran[0] if real else ""
    elsewhere = next((line.text[1:] for line in lines if _is_elsewhere(line.text)), "")
    found = Workflow(
        system,
        Location(path, _line_of(text, command)),
        real or prints,
        command.strip()[:160],
        trigger(system, root),
        forgiven.get("test", False),
        (elsewhere or _included(system, root))[:120],
        unclear[:120],
        not lines and not real,
        places=tuple(Location(path, _line_of(text, each)) for each in ran),
        commands=tuple(each.strip()[:160] for each in ran),
        doubt=Location(path, _line_of(text, unclear)) if unclear else None,
        limited=limited(system, root),
    )
    return found, [line.text for line in local]


def _puzzles(line: _Line, done: Found) -> bool:
    """Whether its step says that it tests and it does nothing known; what starts in the background comes before."""
    nothing = not (done.keys() - {"start"} or prepares(line.text))
    return line.named and nothing and not (done and _DETACHED.search(line.text))


def _line_of(text: str, command: str) -> int | None:
    return line_of(text, command) or line_of(text, command.strip().partition("  ")[0])


def _is_elsewhere(line: str) -> bool:
    """Whether the line calls a workflow of another repository that may well test, going by its name."""
    called = line.startswith("@") and not line.startswith("@./") and "/.github/workflows/" in line
    return called and not _NO_TEST.search(line.rpartition("/")[2])


def _included(system: str, root: dict[Any, Any]) -> str:
    """A configuration kept elsewhere that a GitLab file includes; files of the repository itself are none."""
    if system != "GitLab CI":
        return ""
    outside = [mapping(each) for each in sequence(root.get("include"))]
    return next((str(value) for each in outside for key, value in each.items() if key != "local"), "")


def _local_action(tree: SourceTree, line: _Line) -> list[_Line]:
    for base in ("action.yml", "action.yaml"):
        place = f"{line.text.rstrip('/')}/{base}"
        try:
            within = list(_commands(parse_yaml(tree.text(place))))[:200]
            return [each._replace(hosted=line.hosted) for each in within]
        except Unavailable as unavailable:
            tree.note(place, unavailable)
    return []


def _commands(documents: list[Any]) -> Iterator[_Line]:
    """Lines of scripts and names of actions: every string under a key that some system gives its commands.

    Steps and jobs that are switched off or wait for a hand are left out. As `configuration.walk`, each value once.
    """
    seen: set[int] = set()
    stack = [("", document, _Line("")) for document in reversed(documents)]
    for _ in range(EVENT_LIMIT):
        if not stack:
            return
        key, value, line = stack.pop()
        if isinstance(value, (dict, list)):
            if id(value) in seen or (isinstance(value, dict) and _is_off(value)):
                continue
            seen.add(id(value))
            if isinstance(value, dict):
                line = _within(value, line)
            children = value.items() if isinstance(value, dict) else ((key, item) for item in value)
            stack.extend(reversed([(str(name), child, line) for name, child in children]))
        elif isinstance(value, str):
            yield from (line._replace(text=text) for text in _strings(key, value))


def _within(part: dict[Any, Any], line: _Line) -> _Line:
    """What holds for the lines of a job or step that is part of another."""
    forgiven = line.forgiven or any(part.get(each) is True for each in _FORGIVING)
    named = any(_TESTING.search(str(part.get(each, "")).lower()) for each in ("name", "id", "displayName"))
    machine = str(part.get("runs-on", "")).lower()
    hosted = (line.hosted or _HOSTED.search(machine) is not None) and "self-hosted" not in machine
    elsewhere = _REMOTE.search(f"{part.get('uses', '')} {part.get('run', '')}"[:4_000])
    return line._replace(forgiven=forgiven, named=named, hosted=hosted and elsewhere is None)


# Machines that GitHub lends for one job, and what sends the commands of a step to another machine.
_HOSTED = re.compile(r"ubuntu|windows|macos|matrix\.")
_REMOTE = re.compile(r"\bssh(?:pass)?\b|\bssm\b|run-command|gcloud compute|DOCKER_HOST|docker (?:context|-H)\b")
_DETACHED = re.compile(r"\s(?:-[it]{0,2}d[it]{0,2}|--detach)(?=\s|$)")
_TESTING = re.compile(r"\b(?:py)?test(?:s|ing)?\b")
_FORGIVING = ("continue-on-error", "allow_failure", "continueOnError")


def _is_off(step: dict[Any, Any]) -> bool:
    condition = str(step.get("if", "")).replace(" ", "").lower()
    return (
        condition in ("false", "${{false}}") or step.get("when") in ("manual", "never") or step.get("enabled") is False
    )


def _strings(key: str, value: str) -> Iterator[str]:
    if key == "uses":
        yield "@" + value.partition("@")[0].lower() if not value.startswith("./") else "@" + value
    elif key == "command" and value.split(" ")[0] in _CARGO:
        yield f"cargo {value}"
    elif key == "jobs" and value.startswith(_ORB_TESTS):
        yield "make test"
    elif key.lower() in _SCRIPT_KEYS:
        yield from (line for line in value.replace("\\\n", " ").split("\n") if line.strip())


# Steps of the Rust actions name the command of cargo alone; jobs of these orbs of CircleCI test.
_CARGO = frozenset("test clippy fmt build nextest bench publish".split())
_ORB_TESTS = ("python/test", "node/test", "go/test")
_SCRIPT_KEYS = frozenset(
    "run script before_script after_script command commands bash powershell pwsh test build install args entrypoint "
    "cmds before_install after_success deploy steps build_script test_script inlinescript sh".split()
)


def _jenkins(text: str) -> Iterator[str]:
    for match in re.finditer(r"\b(?:sh|bat|powershell)\b[\s(]{0,4}(?:script:\s{0,4})?('''|\"\"\"|'|\")", text):
        end = text.find(match[1], match.end())
        yield from (
            line for line in text[match.end() : end if end > 0 else match.end() + 400].split("\n") if line.strip()
        )
