"""Continuous integration: which systems are set up, and what their jobs really run.

A file named ci.yml may only echo. So the commands of every job are read and sorted by what they do; targets of make
and scripts of package.json are looked up one step deep.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal, get_args

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.configuration import line_of, mapping, parse_json, parse_yaml, walk
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.paths import name, own_files
from portfolio_audit.facts.words import load_table
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

Purpose = Literal["test", "lint", "type-check", "build", "deploy", "publish", "echo"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
WORKFLOW_LIMIT = 60
LINE_LIMIT = 2_000

_TABLE = load_table("ci_commands")
# Travis runs these where a configuration names no script of its own.
_TRAVIS_DEFAULT = frozenset("go r node_js ruby java rust php julia scala".split())
_WORDS = re.compile(r"[^\s;&|()\"'`]+")
# What may stand before the command itself: runners, options with and without a value, variables.
_LEAD = re.compile(
    r"^(?:sudo|time|poetry run|uv run|uvx|pipx run|pipenv run|pdm run|rye run|pixi run|hatch run|python[\d.]* -m|py -m|"
    r"conda run(?: -n \S{1,40})?|npx|pnpm exec|yarn run|bunx|xvfb-run|travis_wait(?: \d{1,4})?|coverage run -m|"
    r"bundle exec|"
    r"docker compose exec \S{1,40}|docker run \S{1,60}|--(?:group|extra|with|package|project|python|env) \S{1,60}|"
    r"-[ep] \S{1,60}|--?[\w-]{1,30}(?:=\S{1,60})?|[A-Z_]{2,40}=\S{0,80}) +"
)
# Names of tasks behind a task runner, where its definition lies elsewhere.
_TASKS: dict[str, Purpose] = {
    "test": "test", "tests": "test", "coverage": "test", "cov": "test", "lint": "lint", "format": "lint",
    "linters": "lint", "typecheck": "type-check", "type-check": "type-check", "types": "type-check", "build": "build",
}  # fmt: skip
_TEST_SCRIPT = re.compile(
    r"(?:(?:bash|sh|source|python[\d.]*|node|Rscript) )?[\w./-]{0,80}(?:test|coverage)[\w-]{0,30}\.(?:sh|py|js|R)\b"
)
_MAKE = re.compile(r"^(?:make|just|task|invoke|inv|npm run|yarn|pnpm run|pnpm|bun run) +(?:-\S+ +){0,3}([\w:.-]{1,60})")


class Workflow(Value, frozen=True):
    """One file of continuous integration. `runs` are the purposes of its commands; "echo" stands alone or not at all.

    `location` is the line of the command that says most (a test before all else). `note` says why nothing is known.
    """

    system: str
    location: Location
    runs: tuple[Purpose, ...] = ()
    command: str = ""
    scheduled: bool = False
    readable: bool = True


def find_workflows(tree: SourceTree) -> tuple[Workflow, ...]:
    """Every file of continuous integration that a service would run, GitHub Actions first."""
    named = [(file.path, system) for file in tree.files if (system := _system(file.path)) and file.kind != "symlink"]
    found = [_read(tree, path, system) for path, system in named[:WORKFLOW_LIMIT]]
    return tuple(sorted(found, key=lambda workflow: (workflow.system != "GitHub Actions", workflow.location.path)))


def _system(path: str) -> str | None:
    lower = path.lower()
    if lower in _TABLE["files"]:
        return str(_TABLE["files"][lower])
    folder, _, base = lower.rpartition("/")
    system: str | None = _TABLE["folders"].get(folder + "/")
    return system if system and base.endswith((".yml", ".yaml")) else None


def _read(tree: SourceTree, path: str, system: str) -> Workflow:
    try:
        text = tree.text(path)
        documents = [] if path.lower() == "jenkinsfile" else parse_yaml(text)
    except Unavailable:
        return Workflow(system, Location(path), readable=False)
    root = mapping(documents[0]) if documents else {}
    commands = list(_jenkins(text) if not documents else _commands(documents))
    purposes: dict[Purpose, str] = {}
    for command in commands[:LINE_LIMIT]:
        for purpose in _purposes(tree, command):
            purposes.setdefault(purpose, command)
    if system == "Travis CI" and "script" not in root and root.get("language") in _TRAVIS_DEFAULT:
        purposes.setdefault("test", str(root.get("language")))
    runs: tuple[Purpose, ...] = tuple(purpose for purpose in PURPOSES if purpose in purposes and purpose != "echo")
    quiet = [command for command in commands if "@" not in command]
    if not runs and quiet and all(_first(command) == "echo" for command in quiet):
        runs = ("echo",)
    command = purposes.get(runs[0], "") if runs else ""
    triggers = root.get("on", root.get(True))
    scheduled = "schedule" in (triggers if isinstance(triggers, (dict, list)) else [triggers])
    return Workflow(
        system,
        Location(path, line_of(text, command.removeprefix("@"))),
        runs,
        command.removeprefix("@").strip()[:160],
        scheduled,
    )


def _commands(documents: list[Any]) -> Iterator[str]:
    """Lines of scripts and names of actions: every string under a key that some system gives its commands."""
    for document in documents:
        for key, value in walk(document):
            if not isinstance(value, str):
                continue
            if key == "uses":
                yield "@" + value.split("@")[0].lower() if "@" in value else "@" + value.lower()
            elif key == "command" and value.split(" ")[0] in _CARGO:
                yield f"cargo {value}"
            elif key.lower() in _SCRIPT_KEYS:
                yield from (line for line in value.replace("\\\n", " ").split("\n") if line.strip())


# Steps of the Rust actions name the command of cargo alone.
_CARGO = frozenset("test clippy fmt build nextest bench publish".split())
_BUILDERS = frozenset("makefile gnumakefile justfile package.json".split())
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


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, Purpose], dict[str, Purpose]]:
    commands = {entry.strip(): purpose for purpose in PURPOSES for entry in _TABLE[purpose].split(",") if entry.strip()}
    actions = {entry.strip(): purpose for purpose, text in _TABLE["actions"].items() for entry in text.split(",")}
    return commands, actions


def _first(command: str) -> Purpose | None:
    """What one command does, by the longest entry that it begins with."""
    words = _WORDS.findall(command[:400])[:4]
    if words:
        words[0] = words[0].rpartition("/")[2]
    commands, _ = _table()
    for length in range(len(words), 0, -1):
        entry = " ".join(words[:length])
        if entry in commands:
            return commands[entry]
    return None


def _purposes(tree: SourceTree, command: str, deep: bool = True) -> set[Purpose]:
    if command.startswith("@"):
        _, actions = _table()
        return {purpose for action, purpose in actions.items() if command[1:].startswith(action)}
    found: set[Purpose] = set()
    if "huggingface.co/spaces" in command or "api.render.com/deploy" in command:
        found.add("deploy")
    for part in re.split(r"&&|\|\||;|\$\(|`", command[:2_000])[:40]:
        bare = part.strip().lstrip("-@").strip()
        for _ in range(6):
            shorter = _LEAD.sub("", bare, count=1)
            if (purpose := _first(bare)) is not None or shorter == bare:
                break
            bare = shorter
        else:
            purpose = None
        if purpose is not None and purpose != "echo":
            found.add(purpose)
        elif bare != part and (task := _TASKS.get(bare.split(" ")[0])):
            found.add(task)
        elif _TEST_SCRIPT.match(bare):
            found.add("test")
        if deep and (target := _MAKE.match(bare)):
            for line in tree.derive(_targets).get(target[1], ()):
                found |= _purposes(tree, line, deep=False)
    return found


def _targets(tree: SourceTree) -> dict[str, tuple[str, ...]]:
    """Recipes by name: targets of Makefiles and justfiles and scripts of package.json, those nearest the root first."""
    targets: dict[str, list[str]] = {}
    builders = [path for path in (file.path for file in tree.derive(own_files)) if name(path).lower() in _BUILDERS]
    for path in sorted(builders, key=lambda each: (each.count("/"), each))[:10]:
        recipes: dict[str, list[str]] = {}
        try:
            if path.endswith(".json"):
                scripts = mapping(mapping(parse_json(tree.text(path))).get("scripts"))
                recipes = {str(key): [script] for key, script in scripts.items() if isinstance(script, str)}
            else:
                _read_recipes(tree.text(path), recipes)
        except Unavailable:
            continue
        for target, lines in recipes.items():
            targets.setdefault(target, lines)
    return {target: tuple(lines[:40]) for target, lines in targets.items()}


def _read_recipes(text: str, targets: dict[str, list[str]]) -> None:
    current: list[list[str]] = []
    requires: dict[str, list[str]] = {}
    for line in text.split("\n")[:2_000]:
        if line.startswith(("\t", "    ")):
            for recipe in current:
                recipe.append(line.strip().lstrip("@-"))
        elif ":" in line and not line.startswith(("#", ".")) and "=" not in line.partition(":")[0]:
            heads, _, needed = line.partition(":")
            current = [targets.setdefault(target, []) for target in heads.split()[:5]]
            for target in heads.split()[:5]:
                requires.setdefault(target, []).extend(needed.partition("#")[0].split()[:20])
        elif line.strip():
            current = []
    for target, needed_targets in requires.items():
        for each in needed_targets:
            if each != target and len(targets[target]) < 200:
                targets[target].extend(targets.get(each, [])[:20])
