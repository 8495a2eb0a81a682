"""The README: whether a hiring manager understands the project in a minute."""

import re

from portfolio_audit.api import Evidence, Outcome, check, failed, not_applicable, partial, passed, unknown
from portfolio_audit.facts.code_size import NOTEBOOK, OwnCode
from portfolio_audit.facts.readme import LONG_WORDS, Readme, ReadmeSearch
from portfolio_audit.facts.words import counted, joined

UNREAD = "headings and measures in this script are not read, so steps or results in words may be there"
OPENING = "Open with one sentence: what it does, for whom, and with what result."

_LIE = ("lies in a folder", "lie in folders")
START = "Add the command that starts it, and what a reader then sees."
_OF_ITSELF = re.compile(r"(?:install|add) [^\n]{0,80}?(?:\.(?:\[|\s|$)|git\+)")
_OPENED = re.compile(
    r"(?i)\b(?:run|start|launch|execut|open|serve|press|click)\w{0,3}\b[^.\n]{0,60}(?:`|\.\w{2,5}\b|localhost|notebook)"
)
"""What to do with a file, said in words."""

FIRST_LINES = "Say in the first lines what it does."


@check(id="readme-present", title="There is a README")
def is_present(readme: Readme | None, search: ReadmeSearch) -> Outcome:
    """Without a README a visitor sees a list of files and moves on."""
    if readme is not None and search.hidden:
        fix = _uncover(readme, search)
        said = f"{readme.path} is what a visitor sees, and hides {search.hidden}"
        return partial(0.5, said, fix=fix, effort="minutes", evidence=(readme.path, search.hidden))
    if readme is not None:
        return passed(_length(readme), evidence=readme.path)
    fix = f"Write a README.md. {OPENING} Then the commands to run it, and a picture or a result."
    if search.empty:
        return failed("the README is empty", fix=fix, effort="hours", evidence=search.empty)
    if search.below:
        named = (*search.below[:2], f"{len(search.below) - 2} more") if len(search.below) > 3 else search.below
        said = f"no README where a visitor looks; {joined(named)} {_LIE[len(search.below) > 1]} below"
        fix = f"Write a README.md at the root that says what the whole is, and lead from it to the others. {OPENING}"
        return failed(said, fix=fix, effort="hours", searched=_searched(search), evidence=search.below[0])
    return failed("no README found", fix=fix, effort="hours", searched=_searched(search))


@check(id="readme-purpose", title="The README says what the project is for")
def says_what_for(readme: Readme, search: ReadmeSearch) -> Outcome:
    """A reader who does not learn from the first lines what a project does will not look for it in the code."""
    if readme.template:
        said = f"the text is the one that comes with {readme.template}, and says nothing about this project"
        return failed(said, fix=f"Replace the generated text. {OPENING}", effort="minutes", evidence=readme.path)
    if readme.purpose is not None:
        return passed("opens with a text about the project", evidence=readme.purpose)
    said = "a title, but no sentence about the project" if readme.stub else "no sentence that says what the project is"
    fix = _uncover(readme, search) if search.hidden else OPENING
    return failed(said, fix=fix, effort="minutes", evidence=readme.path)


@check(id="readme-run", title="The README says how to run the project")
def says_how_to_run(readme: Readme, search: ReadmeSearch, size: OwnCode | None) -> Outcome:
    """An engineer looks for the command to start; a project that cannot be tried is taken for one that fails."""
    if not search.code_files:
        return not_applicable("there is no code to run")
    fix = "Add a Quick start: the commands from a fresh clone to the first result, in a code block."
    if readme.run_commands and not readme.template:
        return _commanded(readme, size)
    if readme.run_commands:
        said = f"shows only the commands of the text that comes with {readme.template}"
        return partial(0.6, said, fix=fix, effort="minutes", evidence=readme.run_commands[0].location)
    if readme.steps is not None:
        said = "describes the steps, but shows no command that runs it"
        return partial(0.6, said, fix=fix, effort="minutes", evidence=readme.steps)
    half = (
        (readme.examples[:1], "shows how its code is used, but not how to install it"),
        (readme.requests[:1], "shows a request to it, but not how to start it"),
        (readme.demos[:1], "links to where it runs, but says nothing on running it oneself"),
        ((readme.documentation,) if readme.documentation else (), "leaves it to the documentation"),
    )
    for place, said in half:
        if place:
            return partial(0.5, said, fix=fix, effort="minutes", evidence=place)
    if readme.language == "other":
        return unknown(UNREAD)
    return failed("no command and no steps to run it", fix=fix, effort="minutes", searched=_read(readme))


@check(id="readme-result", title="The README shows a result")
def shows_a_result(readme: Readme, search: ReadmeSearch) -> Outcome:
    """A picture, a number or a link to try shows in seconds that the project works; for a library an example does."""
    if readme.shows:
        pictures = "a picture" if len(readme.pictures) == 1 else "pictures"
        kinds = ((readme.demos, "a link to try it"), (readme.pictures, pictures), (readme.results, "results in text"))
        said = f"shows {joined([words for places, words in kinds if places])}"
        return passed(said, evidence=_one_of_each(readme))
    if readme.examples and readme.library is not None:
        return passed("shows it in use", evidence=readme.examples[:2])
    if not search.code_files:
        return not_applicable("there is no code that could have a result")
    fix = "Add a screenshot or recording, the numbers that come out, or a link to a running instance."
    if readme.missing_pictures:
        said = "the pictures it refers to are not in the repository"
        return failed(said, fix="Add the picture files, or correct their paths.", evidence=readme.missing_pictures[:3])
    if readme.notebooks:
        notebooks = "a notebook" if len(readme.notebooks) == 1 else "notebooks"
        said = f"leads to {notebooks} with outputs, but shows none of them itself"
        return partial(
            0.7, said, fix="Put the most telling chart or number into the README.", evidence=readme.notebooks[:3]
        )
    half = readme.examples or readme.drawings
    if half:
        said = "shows code or structure, but nothing that comes out"
        return partial(0.5, said, fix=fix, evidence=half[0])
    if readme.language == "other":
        return unknown(UNREAD)
    return failed("no picture, number or link that shows it works", fix=fix, searched=_read(readme))


def _commanded(readme: Readme, size: OwnCode | None) -> Outcome:
    telling = sorted(readme.run_commands, key=lambda command: command.named)
    places = [command.location for command in telling[:3]]
    if readme.lost and not readme.library:
        missing = list(dict.fromkeys(place.note for place in readme.lost))[:3]
        fix = f"Correct the commands that start {joined(missing)}, or commit what they start."
        said = f"shows commands, but {joined(missing)} {'is' if len(missing) == 1 else 'are'} not in the repository"
        return partial(0.8, said, fix=fix, effort="minutes", evidence=readme.lost[:3])
    if any(command.kind == "run" for command in telling):
        return passed("shows the commands", evidence=places)
    if _is_enough(readme, size):
        return passed("shows how to install it", evidence=places)
    said = "shows how to install what it needs, but not how to start it"
    return partial(0.8, said, fix=START, effort="minutes", evidence=places)


def _is_enough(readme: Readme, size: OwnCode | None) -> bool:
    """Whether to install it is all that a reader needs: a library, notebooks to open, or steps beside the commands."""
    if readme.library or readme.examples or readme.steps or readme.language == "other":
        return True
    if any(_OF_ITSELF.search(command.text) for command in readme.run_commands) or _OPENED.search(readme.text):
        return True
    return size is None or 2 * size.languages.get(NOTEBOOK, 0) >= size.lines


def _one_of_each(readme: Readme) -> list[Evidence]:
    """The first place of each kind of result, named, then more of them, up to three."""
    named = ((readme.demos, "a link to try it"), (readme.pictures, "a picture"), (readme.results, "a result in text"))
    first = [(places[0], said) for places, said in named if places]
    more = [(place, said) for places, said in named for place in places[1:]]
    return [Evidence(at.path, at.line, at.end_line, note=at.note or said) for at, said in (*first, *more)[:3]]


@check(id="readme-quality", title="The README is understood within a minute")
def is_understood(readme: Readme, search: ReadmeSearch) -> Outcome:
    """Purpose, problem, result, structure and start in one look: that is how a project gets a second look."""
    place = Evidence(path=readme.path, note=f"quality {readme.quality} of 4")
    if readme.quality == 4:
        return passed(f"{joined(_present(readme))} are there", evidence=place, confidence=0.8)
    if not search.code_files and not readme.template:
        return not_applicable("there is no code that it could explain")
    fix = " ".join(_missing(readme)) or _last_step(readme)
    if readme.quality == 1:
        said = "a list of things to do" if readme.unfinished else f"a stub of {_length(readme)}"
        said = f"the text that comes with {readme.template}" if readme.template else said
        if readme.purpose is not None and readme.stub:
            said = f"{_length(readme)} that say what it is, and little else"
            return failed(said, fix=fix, evidence=place, confidence=0.9)
        return failed(said, fix=f"{OPENING} {fix}".replace(f" {FIRST_LINES}", ""), evidence=place, confidence=0.9)
    if readme.quality == 2 and readme.language == "other":
        return unknown(UNREAD)
    said = "good; a few things keep it from being excellent"
    if readme.quality == 2:
        said = "the basics, little else" if readme.purpose else "does not say what it is"
    places = (*readme.promises[:3], *readme.missing_pictures[:3])
    return partial(0.5 if readme.quality == 2 else 0.8, said, fix=fix, evidence=(place, *places), confidence=0.8)


def _present(readme: Readme) -> list[str]:
    """What lets a reader understand the project within a minute, as far as this README has it."""
    parts = (
        (readme.purpose, "the purpose"),
        (readme.run_commands, "how to run it"),
        (readme.shows, "a result"),
        (readme.examples, "examples"),
        (readme.section("structure") or readme.drawings, "the structure"),
    )
    return [words for there, words in parts if there]


def _missing(readme: Readme) -> list[str]:
    """What an excellent README has and this one has not, in the order in which it helps a reader."""
    wanted = (
        (readme.purpose, FIRST_LINES),
        (readme.run_commands, "Show the commands to run it."),
        (readme.shows or (readme.library and readme.examples), "Show a result: a picture, numbers or a live link."),
        (readme.section("why") or readme.library, "Give its problem, and whom it helps, a short section of their own."),
        (readme.section("structure") or readme.drawings or readme.plans or readme.library, "Sketch how it is built."),
        (len(readme.run_commands) != 1 or readme.library, "Show every command from a fresh clone to the first result."),
        (not readme.library or readme.examples or readme.pictures, "Show a short example of its use."),
    )
    lacking = [words for there, words in wanted if not there]
    if readme.promises:
        lines = [f"line {place.line}" for place in readme.promises[:3]]
        lacking.append(f"Add what is only announced or offered ({joined(lines)}), or leave these words out.")
    if readme.missing_pictures:
        lacking.append("Add the picture files that it refers to, or correct their paths.")
    if readme.words > LONG_WORDS:
        lacking.append("Cut it to what a reader needs first, and move the rest to docs/.")
    return lacking


def _last_step(readme: Readme) -> str:
    """What helps a README that has all the parts that are asked for one by one."""
    if readme.words > LONG_WORDS:
        return "Cut it to what a reader needs first, and move the rest to docs/."
    more = (
        (readme.pictures, "a picture of it at work"),
        (readme.results, "measured results"),
        (readme.demos, "a link to try it"),
        (readme.examples, "an example with what comes out"),
        (readme.section("structure") or readme.drawings, "a sketch of how it is built"),
    )
    lacking = [words for there, words in more if not there]
    return (
        f"Add {' or '.join(lacking[:2])}." if lacking else "Show every command from a fresh clone to the first result."
    )


def _uncover(readme: Readme, search: ReadmeSearch) -> str:
    """What brings the README at the root to light."""
    return f"Rename {readme.path} or move it to docs/: GitHub shows it instead of {search.hidden}."


def _searched(search: ReadmeSearch) -> str:
    return f"the root, docs/ and .github/ among {counted(search.files, 'file')}"


def _read(readme: Readme) -> str:
    return f"{readme.path}, {_length(readme)}"


def _length(readme: Readme) -> str:
    return counted(readme.words, "word")
