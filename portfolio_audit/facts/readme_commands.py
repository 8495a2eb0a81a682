"""Commands that a README tells its reader to type, and the examples of code it shows.

Recognised by the program at the beginning of a line, which is the same in every language.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.markup import Block, Markup
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

COMMAND_LIMIT = 30

# Each pattern is anchored and without nested quantifiers; lines are cut to 300 letters before.
_INSTALL = re.compile(
    r"(?:sudo )?(?:(?:python[\d.]*|py) -m )?(?:pip[\d.]*|uv pip|pipx|conda|mamba|micromamba|poetry|pdm|pixi|"
    r"pipenv|rye|uv|npm|yarn|pnpm|bun|brew|"
    r"apt|apt-get|cargo|go|gem|composer|bundle|luarocks|choco|scoop|winget|helm|dotnet|flutter pub|opam|cabal|"
    r"stack|nimble|mix|code)"
    r" (?:install|i|add|sync|create|env create|env update|get|ci|require|restore|deps\.get|global add|tool install)\b"
    r"|yarn$|pnpm i\b|install\.packages\(|(?:devtools|remotes|pak|BiocManager)::\w+\(|Pkg\.(?:add|develop|"
    r"instantiate)\(|using Pkg|\] ?add "
    r"|docker pull |docker build |R CMD INSTALL|python[\d.]* setup\.py (?:install|develop)|renv::restore|"
    r"(?:(?:source|\.) )?[^\s&;|]{0,80}[/\\][Aa]ctivate(?:\.\w{2,4})?(?:\s|$)|conda activate|"
    r"(?:python[\d.]*|py|uv) (?:-m )?venv "
)
_RUN = re.compile(
    r"(?:sudo |time )?(?:[A-Z][A-Z0-9_]{1,40}=\S{1,80} ){0,3}(?:"
    r"(?:python[\d.]*|py) (?:-m |-u |-O |\S{0,120}\.py|manage\.py)|streamlit run|(?:\S{1,60}/)?uvicorn |gunicorn |"
    r"hypercorn |daphne |flask (?:--app \S+ )?run|fastapi (?:dev|run)|"
    r"docker run|docker[ -]compose|docker compose|podman |make\b|npm (?:start|run|test)|npx |yarn [a-z]|"
    r"pnpm [a-z]|bunx? |node |deno |"
    r"go (?:run|build|test)|cargo (?:run|build|test|bench)|Rscript |R -e|julia |java (?:-jar|-cp)|mvn |"
    r"\.?/?gradlew|gradle |(?:bash|sh|zsh|source) \S|"
    r"\./\S|jupyter|dvc |snakemake|nextflow run|mlflow |dagster |prefect |airflow |astro dev|kedro |dbt |zenml |"
    r"metaflow|luigi |chainlit run|gradio |"
    r"rasa |torchrun |accelerate |deepspeed |poetry run|uv run|uvx |pipenv run|pixi run|pdm run|rye run|hatch |"
    r"tox\b|nox\b|just |task |terraform (?:init|plan|apply)|kubectl |"
    r"minikube |helm |modal |sam |cdk |serverless |sls |vercel|heroku |flyctl |fly |gcloud |aws |az |firebase |"
    r"wrangler |ollama |cmake |gcc |g\+\+|nvcc |clang|"
    r"swift |dotnet |php |rails |bundle exec|rake |rackup|mix |elixir |flutter |expo |ng serve|quarto |mkdocs |"
    r"hugo |jekyll |pytest|python[\d.]*$|"
    r"targets::tar_make|shiny::run\w+\(|library\(|source\(|voila |panel serve|solara run|marimo |nbconvert|"
    r"papermill |conda run|conda activate|whisper |spark-submit |scrapy |sqlmesh |meltano |bentoml |feast |celery |"
    r"langgraph |databricks |locust )"
)
_PREPARES = re.compile(
    r"(?:(?:bash|sh|zsh|source|\.) )?(?:\./)?(?:[\w.-]{1,60}/){0,4}"
    r"(?:setup|install|bootstrap|init|create)(?:[_-](?:env|environment|venv|dev|deps|dependencies|requirements|all))?\.sh(?:\s|$)"
)
"""A script that is named for making things ready."""
_FETCH = re.compile(r"(?:git clone|gh repo clone|wget |curl |kaggle |git lfs)")
_PROMPT = re.compile(
    r"^(?:\(\w{1,30}\) ?)?(?:[\w.@:~/-]{1,60}[$#%>] |[$%>] ?|"
    r"PS [^>]{0,60}> |C:\\[^>]{0,80}>|[!%] ?|>>> ?|In \[\d{0,4}\]: )"
)
SHELLS = frozenset(
    "bash sh shell console zsh terminal shell-session shellsession powershell ps1 cmd bat batch fish commandline "
    "cli".split()
)
_PROGRAMS = frozenset(
    "python py python3 ipython pycon r rust go java javascript js typescript ts jsx tsx julia scala kotlin swift cpp "
    "c++ c csharp cs ruby php matlab lua dart elixir haskell sql clojure".split()
)
_CODE = re.compile(
    r"^\s{0,8}(?:>>> |import \S|from \S{1,80} import |library\(|require\(|const |let |var |#include|using \w|"
    r"package \w|use \w{1,60}::|fn |func )",
    re.MULTILINE,
)
_SCRIPT = re.compile(
    r"(?:(?:python3?|bash|sh|streamlit run|Rscript|node) |(?=\.[/\\]))(?:\.[/\\])?"
    r"((?:[\w-]{1,60}[/\\]){0,6}[\w-]{1,60}\.(?:py|sh|ps1|R|js|bat))(?:\s|$)"
)
_LIST = re.compile(
    r"\bpip3? install (?:-{1,2}[\w-]+ ){0,3}(?:-r|--requirement)[ =]((?:[\w.-]{1,60}[/\\]){0,6}[\w.-]{1,60}\.txt)\b"
)
_OF_TREE = re.compile(r"[\s|│]{0,60}(?:[├└│]|[|+`][-_]{2})")
"""The beginning of a line in a drawing of folders and files; one bar begins the row of a table as well."""
_STANDS_FOR = re.compile(r"(?i)\b(?:path|your|my|example|script|file|filename|name|main_?file)\b|your_|my[_-]|_here")
# A setting, alone on its line.
_SETTING = re.compile(r"""[A-Za-z_]\w{0,80}=(?:"[^"]{0,200}"|'[^']{0,200}'|\S{0,200})\s*(?:#.*)?$""")
_NUMBERED = re.compile(r"\d{1,3}[.):]\s|[\"'][\w .-]{1,60}[\"']\s{0,3}:")
"""A line of a list, or of what a program printed."""
_SKIPPED = (
    "cd ",
    "export ",
    "set ",
    "mkdir ",
    "echo ",
    "ls",
    "cp ",
    "mv ",
    "rm ",
    "cat ",
    "git ",
    "nano ",
    "vim ",
    "touch ",
    "deactivate",
    "exit",
)


class Command(Value, frozen=True):
    """One line to type. "fetch" gets the sources, "install" prepares, "run" starts, builds, trains or tests.

    `named` says that it stands within a sentence, which may be about something else.
    """

    text: str
    kind: Literal["fetch", "install", "run"]
    location: Location
    named: bool = False


def find_commands(path: str, text: str, markup: Markup) -> tuple[Command, ...]:
    """The commands of a README in order of their lines, at most 30. `text` is the source of `markup`."""
    found: dict[tuple[str, int], Command] = {}
    for typed, line, shell, named in _candidates(text, markup):
        bare = _PROMPT.sub("", typed.strip()[:300], count=1).strip()
        prompted = (
            shell
            and bare != ""
            and not bare.startswith(("#", "//", "::", "REM ", "<", "{", "}", "[", "|", "├", "└", *_SKIPPED))
            and not _SETTING.match(bare)
            and not _NUMBERED.match(bare)
        )
        kind = _kind(bare) or ("run" if prompted else None)
        if kind is not None and len(found) < COMMAND_LIMIT:
            found.setdefault((bare, line), Command(bare[:160], kind, Location(path, line), named))
    return tuple(sorted(found.values(), key=lambda command: command.location.line or 0))


def find_lost(tree: SourceTree, source: str, commands: Sequence[Command]) -> tuple[Location, ...]:
    """Commands that start a script, or install from a list, of which no file of the repository has the name.

    That name is the note. Whatever the text says of it besides, other than in a tree of files, may mean that it is made
    on the way. It may lie in a submodule, and where the sources of more than one repository are fetched, in another.
    """
    asked = [(each, _SCRIPT.match(each.text) if each.kind == "run" else _LIST.search(each.text)) for each in commands]
    started = [(each, match[1].replace("\\", "/")) for each, match in asked if match and not each.named]
    if not started or sum("clone " in each.text for each in commands) > 1:
        return ()
    named = {file.path.rpartition("/")[2].casefold() for file in tree.files}
    text = "\n".join(line for line in source.split("\n") if not _OF_TREE.match(line))
    found: list[Location] = []
    for command, script in started if all(file.kind != "submodule" for file in tree.files) else ():
        base = script.rpartition("/")[2]
        if base.casefold() in named or _STANDS_FOR.search(script):
            continue
        if text.count(base) == sum(each.text.count(base) for each in commands):
            found.append(Location(command.location.path, command.location.line, note=script))
    return tuple(found)


def is_command(text: str) -> bool:
    """Whether a line begins with a program that is installed, started or fetched with."""
    return _kind(_PROMPT.sub("", text.strip()[:300], count=1).strip()) is not None


def _kind(text: str) -> Literal["fetch", "install", "run"] | None:
    if _INSTALL.match(text) or _PREPARES.match(text):
        return "install"
    if _RUN.match(text):
        return "run"
    return "fetch" if _FETCH.match(text) else None


def _candidates(source: str, markup: Markup) -> Iterator[tuple[str, int, bool, bool]]:
    """What may be a command, with its line, whether it is typed into a shell, and whether it stands in a sentence."""
    lines = source.split("\n")
    for block in markup.blocks:
        if block.kind == "code":
            shell = block.language.lower().split(" ")[0].strip("{}") in SHELLS
            for offset, text in _beginnings(block.text.split("\n")):
                yield text, _line(block, offset), shell or text.lstrip().startswith("$ "), False
        elif block.kind in ("paragraph", "item"):
            for number, text in enumerate(lines[block.line - 1 : block.end_line], block.line):
                plain = text.strip().rstrip("\\")
                if _is_plain_command(plain):
                    yield plain, number, False, False
    for code in markup.codes:
        if " " in code.text or code.text in ("make", "yarn", "pytest"):
            yield code.text, code.line, False, True


def _beginnings(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines that begin something, with their places: none that goes on with a command, or is data handed to one."""
    going_on = handed = False
    for place, text in enumerate(lines):
        bare = text.strip()
        wrapped = place > 0 and _ends_comment(bare, lines[place - 1])
        if not going_on and not handed and not wrapped:
            yield place, text
        going_on = bare.endswith("\\") and not bare.startswith("#")
        if handed:
            handed = not bare.startswith(("}'", '}"', "]'", ']"'))
        elif bare.endswith(("'{", '"{', "'[", '"[')):
            handed = True


def _ends_comment(bare: str, above: str) -> bool:
    """Whether a word alone, or two below a comment behind a command, end that comment, which an editor wrapped."""
    words, behind = bare.split(), re.search(r"\S\s+#", above) is not None
    if not (behind or above.lstrip().startswith("# ")) or not words or len(words) > 1 + behind:
        return False
    return all(word.isalpha() and word.islower() for word in words) and not is_command(bare)


def _line(block: Block, offset: int) -> int:
    """The line of a code block's n-th text line; a fenced block's text begins below its first line."""
    fenced = block.end_line - block.line + 1 > block.text.count("\n") + 1
    return min(block.line + offset + fenced, block.end_line)


def _is_plain_command(text: str) -> bool:
    """Whether a sentence is a command that somebody forgot to mark: a program and its arguments, nothing else."""
    words = text.split()
    return (
        2 <= len(words) <= 12
        and (text[0].islower() or text[0] == ".")
        and not text.endswith((".", ":"))
        and _kind(text) is not None
    )


def find_examples(path: str, markup: Markup) -> tuple[Location, ...]:
    """Code blocks of at least two lines that show how the project is used from a program."""
    return tuple(
        Location(path, block.line, block.end_line)
        for block in markup.blocks
        if block.kind == "code" and "\n" in block.text and _is_program(block) and not _is_settings(block.text)
    )[:20]


def _is_settings(text: str) -> bool:
    """Whether a block holds nothing but settings of an environment and comments, whatever language it says it is in."""
    lines = [line.strip()[:300] for line in text.split("\n")[:60] if line.strip()]
    return all(line.startswith("#") or (_SETTING.match(line) and line.partition("=")[0].isupper()) for line in lines)


def _is_program(block: Block) -> bool:
    language = block.language.lower().split(" ")[0].strip("{}")
    return language in _PROGRAMS or (language not in SHELLS and _CODE.search(block.text) is not None)
