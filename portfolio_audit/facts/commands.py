"""What one line of a build script does: tests, lints, builds, deploys, or only prints.

A line may call a target of make, a script of package.json or a shell script; those of the repository itself are looked
up, two steps deep, so that a target called test that only echoes is no test. Where a definition cannot be found or says
nothing, its name counts. What a command runs in a container is read as if it ran outside.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.configuration import mapping, parse_json
from portfolio_audit.facts.container_commands import Contained, read_contained, service_commands
from portfolio_audit.facts.paths import name, own_files
from portfolio_audit.facts.words import load_table
from portfolio_audit.tree import SourceTree

Purpose = Literal["test", "lint", "type-check", "build", "deploy", "publish", "start", "echo"]
"""What a line does. "start": it starts containers where it runs itself, a deployment or a trial."""
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
STEPS_DEEP = 2
RECIPE_LINES = 60
PARTS = 40
"""Pieces of a line that are looked at, its separators among them; a line of that many commands is no build script."""

Found = dict[Purpose, bool]
"""What a line does, and for each purpose whether its failure is passed over."""

_WORDS = re.compile(r"[^\s;&|()\"'`]+")
# What may stand before the command itself: runners, options with and without a value, variables.
_LEAD = re.compile(
    r"^(?:sudo|time|exec|poetry run|uv run|uvx|pipx run|pipenv run|pdm run|rye run|pixi run|hatch run|"
    r"python[\d.]*(?: -[a-zA-Z]){0,3} -m|"
    r"py -m|conda run(?: -n \S{1,40})?|npx|pnpm exec|yarn run|bunx|xvfb-run|travis_wait(?: \d{1,4})?|coverage run -m|"
    r"bundle exec|cross-env|start-server-and-test|if|then|do|!|"
    r"--(?:group|extra|with|package|project|python|env) \S{1,60}|"
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
_SHELL_SCRIPT = re.compile(
    r"(?:(?:bash|sh|zsh|source|\.) +(?:-\w{1,6} +){0,3})?(?:\./)?([\w./-]{1,120}\.(?:sh|bash))\b"
)
_TARGET = re.compile(
    r"(make|just|npm run-script|npm run|npm|yarn run|yarn|pnpm run|pnpm|bun run) +(?:-\S+ +){0,3}"
    r"([\w:.-]{1,60})"
)
_VARIABLE = re.compile(r"\$[({](\w{1,40})[)}]/?")
_CALL = re.compile(r"\$\(call \w{1,40},")
_ENVIRONMENT = re.compile(r"(?:tox|nox)\b.{0,80}?(?: -e| -s| --session| --sessions| -qe| run -e)[ =]?([\w,.-]{1,80})")
_ENVIRONMENTS: tuple[tuple[Purpose, re.Pattern[str]], ...] = (
    ("lint", re.compile(r"lint|flake|style|format|pre-commit|ruff|black|isort|codespell|pep8|checks?\b")),
    ("type-check", re.compile(r"mypy|typ(?:e|ing)|pyright")),
    ("build", re.compile(r"doc|build|pkg|package|dist|release")),
)
# What after a "||" makes a failure pass for a success.
_PASSED_OVER = re.compile(r"\(?\s*(?:true\b|:(?:\s|$)|exit 0|echo\b|printf\b)")
_FAILS_ALL_THE_SAME = re.compile(r"exit (?:[1-9]|\$)|\bfalse\b|return [1-9]")
# What prepares a run and does none of the above itself.
_SETUP = re.compile(
    r"(?:sudo )?(?:python[\d.]* (?:-m )?)?(?:pip|conda|mamba|apt|brew|choco|venv|virtualenv)\d?|python -m spacy|curl|"
    r"(?:npm|pnpm|yarn|bun) ?(?:ci|i|install)?$|(?:npm|pnpm|yarn|bun) (?:ci|i|install|add)\b|"
    r"(?:poetry|pipenv|uv|pdm|pixi) (?:install|sync|pip|venv|lock|add|config)|eval |make install|"
    r"cd |mkdir|export |source |git |chmod|cp |mv |rm |if |fi$|for |do$|done|then|else|break|set |#|\S{1,40}=|@|EOF|"
    r"docker (?:compose )?(?:pull|login|stop|rm|rmi|kill|down|ps|logs|images|inspect|network|volume|system)\b"
)
# The `test` of the shell only compares: `test -f hive.csv`.
_CONDITION = re.compile(r"(?:if +)?(?:test +[-!$\"']|\[)")
_HERE = re.compile(r"\$\(pwd\)|`pwd`")
_BUILDERS = frozenset("makefile gnumakefile justfile package.json".split())


class Recipe(NamedTuple):
    """The lines of a target of make or of a script of package.json, in one file."""

    lines: tuple[str, ...]


def read_command(tree: SourceTree, command: str, deep: int = STEPS_DEEP) -> Found:
    """What the line does. "echo" means that a part of it prints or looks around; nothing known is an empty answer."""
    if command.startswith("@"):
        _, actions = _table()
        return {purpose: False for action, purpose in actions.items() if command[1:].startswith(action)}
    found: Found = {}
    if "huggingface.co/spaces" in command or "api.render.com/deploy" in command:
        found["deploy"] = False
    ignored = command.startswith("-")
    pieces = re.split(r"(&&|\|\||;)", _plain(command[:2_000]))[:PARTS]
    for at in range(0, len(pieces), 2):
        bare = pieces[at].strip().lstrip("-@(").strip()
        rest = "".join(pieces[at + 2 :])
        over = pieces[at + 1 : at + 2] == ["||"] and _PASSED_OVER.match(rest.strip()) is not None
        ends = rest.strip() in ("exit 0", "true") and pieces[at + 1 : at + 2] == [";"]
        hidden = ignored or ((over or ends) and not _FAILS_ALL_THE_SAME.search(rest))
        for purpose, below in _part(tree, bare, deep).items():
            found[purpose] = found.get(purpose, True) and (hidden or below)
    return found


def read_script(tree: SourceTree, lines: tuple[str, ...], deep: int) -> Found:
    """What these lines do together: a purpose is passed over if it is wherever it occurs."""
    found: Found = {}
    for line in lines[:RECIPE_LINES]:
        for purpose, hidden in read_command(tree, line, deep).items():
            found[purpose] = found.get(purpose, True) and hidden
    return found


def _plain(command: str) -> str:
    """The command with variables that stand for a program named, and with what runs inside it as parts of its own."""

    def program(match: re.Match[str]) -> str:
        variable = match[1].lower()
        return next((known for known in ("pytest", "python", "tox", "npm") if known in variable), "")

    return _VARIABLE.sub(program, _CALL.sub(" ", _HERE.sub(".", command))).replace("$(", ";").replace("`", ";")


def _part(tree: SourceTree, bare: str, deep: int) -> Found:
    if _CONDITION.match(bare):
        return {}
    for _ in range(6):
        if (looked_up := _looked_up(tree, bare, deep)) is not None:
            return looked_up
        if (contained := read_contained(bare)) is not None:
            return _contained(tree, contained, deep)
        shorter = _LEAD.sub("", bare, count=1)
        if (purpose := _first(bare)) is not None or shorter == bare:
            break
        bare = shorter
    else:
        purpose = None
    if purpose == "test" and (environment := _ENVIRONMENT.match(bare)):
        purpose = _environment(environment[1])
    if purpose is None and (task := _TASKS.get(bare.split(" ")[0])) and " " not in bare[: len(task)]:
        purpose = task
    if purpose is None and _TEST_SCRIPT.match(bare):
        purpose = "test"
    return {purpose: False} if purpose else {}


def _contained(tree: SourceTree, contained: Contained, deep: int) -> Found:
    """What runs in a container; one that is only started is a start, and nobody waits for tests in the background."""
    found: Found = {}
    if contained.command and not contained.detached:
        found = read_command(tree, contained.command, deep)
    elif contained.services is not None and deep and not contained.detached:
        known, key = tree.derive(_known), (repr(contained), deep)
        if key not in known:
            known[key] = {}  # what calls itself does nothing more
            lines = (line for command in service_commands(tree, contained) for line in command.split("\n"))
            known[key] = read_script(tree, tuple(lines), deep - 1)
        found = known[key]
    return dict(found) or ({"start": False} if contained.starts else {})


def _environment(names: str) -> Purpose:
    """What environments of tox or sessions of nox do, by their names; one that is none of the others tests."""
    kinds = {
        next((purpose for purpose, words in _ENVIRONMENTS if words.search(each)), "test")
        for each in names.lower().split(",")
    }
    return next(purpose for purpose in PURPOSES if purpose in kinds)


def _looked_up(tree: SourceTree, bare: str, deep: int) -> Found | None:
    """What a target or script of the repository does, or None where there is none or it says nothing."""
    if not deep:
        return None
    target, script = _TARGET.match(bare), _SHELL_SCRIPT.match(bare)
    if target is not None:
        runner = "make" if target[1] in ("make", "just") else "npm"
        key = f"{runner} {'test' if target[2] == 't' else target[2]}"
    elif script is not None:
        key = script[1].removeprefix("./")
    else:
        return None
    known = tree.derive(_known)
    if (key, deep) not in known:
        known[key, deep] = {}  # what calls itself does nothing more
        known[key, deep] = _read_recipes(tree, key, deep, is_script=target is None)
    found = known[key, deep]
    return found if found else None


def _read_recipes(tree: SourceTree, key: str, deep: int, *, is_script: bool) -> Found:
    if is_script:
        path = next((file.path for file in tree.derive(own_files) if file.path.endswith(key)), None)
        try:
            recipes = [tuple(tree.text(path).split("\n")[:400])] if path else []
        except Unavailable:
            recipes = []
    else:
        recipes = [recipe.lines for recipe in tree.derive(_recipes).get(key, ())]
    found: Found = {}
    for lines in recipes:
        for purpose, hidden in read_script(tree, lines, deep - 1).items():
            found[purpose] = found.get(purpose, True) and hidden
    said = [line for lines in recipes for line in lines if line.strip() and not line.strip().startswith("#")]
    named = None if is_script else _TASKS.get(re.split(r"[ :]", key)[1])
    real: Found = {purpose: hidden for purpose, hidden in found.items() if purpose != "echo"}
    if said and not is_script and all(_only_prints(line) for line in said):
        return {"echo": False}
    # What is called test and does only known things, none of which tests, is none.
    if named and (real or said) and not (named == "test" and all(_is_known(tree, line, deep - 1) for line in said)):
        real.setdefault(named, False)
    return real


def _is_known(tree: SourceTree, line: str, deep: int) -> bool:
    """Whether every part of the line is one whose purpose is known."""
    parts = [part.strip().lstrip("-@(").strip() for part in re.split(r"&&|\|\||;", _plain(line))]
    return all(prepares(part) or _part(tree, part, deep) for part in parts if part)


def prepares(command: str) -> bool:
    """Whether the command only sets things up: installs, changes folders, sets variables."""
    return _SETUP.match(command.strip()) is not None or _CONDITION.match(command.strip()) is not None


def _only_prints(line: str) -> bool:
    """Whether every part of the line prints or ends."""
    parts = [part.strip().lstrip("-@(").strip() for part in re.split(r"&&|\|\||;", line)]
    return all(_first(part) == "echo" for part in parts if part)


def _known(tree: SourceTree) -> dict[tuple[str, int], Found]:
    """Targets and scripts that were looked up already."""
    return {}


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, Purpose], dict[str, Purpose]]:
    data = load_table("ci_commands")
    named = [purpose for purpose in PURPOSES if purpose in data]
    commands = {entry.strip(): purpose for purpose in named for entry in data[purpose].split(",") if entry.strip()}
    actions = {entry.strip(): purpose for purpose, text in data["actions"].items() for entry in text.split(",")}
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


def _recipes(tree: SourceTree) -> dict[str, tuple[Recipe, ...]]:
    """Recipes by runner and name ("make test", "npm test"), one for each file that defines it, near the root first."""
    targets: dict[str, list[Recipe]] = {}
    builders = [file.path for file in tree.derive(own_files) if name(file.path).lower() in _BUILDERS]
    for path in sorted(builders, key=lambda each: (each.count("/"), each))[:10]:
        recipes: dict[str, list[str]] = {}
        try:
            if path.endswith(".json"):
                scripts = mapping(mapping(parse_json(tree.text(path))).get("scripts"))
                recipes = {f"npm {key}": [script] for key, script in scripts.items() if isinstance(script, str)}
            else:
                _read_makefile(tree.text(path), recipes)
        except Unavailable as unavailable:
            tree.note(path, unavailable)
            continue
        for target, lines in recipes.items():
            targets.setdefault(target, []).append(Recipe(tuple(lines[:RECIPE_LINES])))
    return {target: tuple(found) for target, found in targets.items()}


def _read_makefile(text: str, recipes: dict[str, list[str]]) -> None:
    """Targets of a Makefile or justfile; what a target needs first belongs to it."""
    current: list[list[str]] = []
    requires: dict[str, list[str]] = {}
    for line in text.replace("\\\n", " ").split("\n")[:2_000]:
        if line.startswith(("\t", "    ")):
            for recipe in current:
                recipe.append(line.strip().lstrip("@").replace("$(MAKE)", "make"))
        elif ":" in line and not line.startswith(("#", ".")) and "=" not in line.partition(":")[0]:
            heads, _, needed = line.partition(":")
            names = [f"make {target}" for target in heads.split()[:5]]
            current = [recipes.setdefault(target, []) for target in names]
            for target in names:
                requires.setdefault(target, []).extend(needed.partition("#")[0].split()[:20])
        elif line.strip():
            current = []
    for target, needed_targets in requires.items():
        for each in needed_targets:
            if f"make {each}" != target and len(recipes[target]) < 200:
                recipes[target].extend(recipes.get(f"make {each}", [])[:20])
