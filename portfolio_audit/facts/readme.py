"""The README as a hiring manager meets it: what the project is, how to run it, and what it shows."""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import ClassVar, Literal, Self

from msgspec.structs import replace

from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.library import library
from portfolio_audit.facts.links import read_links
from portfolio_audit.facts.markup import Block, Markup
from portfolio_audit.facts.paths import language, name, own_files
from portfolio_audit.facts.readme_commands import Command, find_commands, find_examples, find_lost
from portfolio_audit.facts.readme_file import candidates, read_readme
from portfolio_audit.facts.readme_purpose import find_purpose
from portfolio_audit.facts.readme_results import find_outputs, find_results, find_samples
from portfolio_audit.facts.readme_sections import Section, SectionKind, find_steps, find_template, read_sections
from portfolio_audit.facts.readme_show import find_drawings, find_notebooks, find_pictures, find_promises
from portfolio_audit.facts.words import Language, count_words, guess_language, load_vocabularies, mentions
from portfolio_audit.tree import KIB, SourceTree

TEXT_LIMIT = 48 * KIB
SECTION_LIMIT = 80
# Fewer words than this with nothing to run or see tell no more than the repository's name does.
STUB_WORDS = 25
# Beyond this a reader no longer finds the essentials within a minute (238 words a minute is the usual reading speed;
# twelve pages are skimmed by nobody).
LONG_WORDS = 2_400

_NAMED = re.compile(r"(?i)readme(?:\.(?:md|markdown|rst|txt))?")
_REQUEST = (" -X", " --request", " -d ", " --data", " -F ", "localhost", "127.0.0.1")
_CONTROLS = re.compile(r"[^\t\n\r\x20-\x7e\x80-\U0010ffff]")


def _says(section: Section) -> bool:
    return section.words >= 5 or section.codes > 0 or section.items > 0


class ReadmeSearch(TreeFact, frozen=True):
    """Where a README was looked for: how many files there are, how many hold code, and READMEs that are empty.

    `below` are READMEs with content in the folders of the root, which a visitor of the repository does not see.
    `hidden` is the README at the root where the service shows the one of `.github/` instead.
    """

    version: ClassVar[str] = "3"
    files: int = 0
    code_files: int = 0
    empty: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    hidden: str = ""

    @classmethod
    def distil(cls, tree: SourceTree) -> Self:
        """Always a value."""
        blank = tuple(file.path for file in candidates(tree) if file.size <= 2 and file.path not in tree.unread)
        code = sum(1 for file in tree.derive(own_files) if language(file.path))
        seen = {file.path for file in candidates(tree)}
        below = tuple(
            file.path
            for file in tree.derive(own_files)
            if file.path.count("/") == 1
            and file.size > 2
            and file.path not in seen
            and _NAMED.fullmatch(name(file.path))
        )
        shown = [file for file in candidates(tree) if file.size > 2]
        above = shown and shown[0].path.startswith(".github/")
        hidden = next((file.path for file in shown if above and "/" not in file.path), "")
        return cls(None, len(tree.files), code, blank[:5], below[:200], hidden)


class Readme(TreeFact, frozen=True):
    """The README with content that a visitor sees.

    `text` is its beginning (at most 48 KiB). `purpose` is the first sentence-like text that says what the project is.
    `template` names the generator whose README this is. `pictures` are of what the project does, `plans` of how it is
    made. `notebooks` are links to own notebooks with outputs, `lost` commands that start a script (their note) that is
    nowhere. `quality` is 0 to 4 as `judge` defines it. Locations are lines of the file at `path`.
    """

    absent: ClassVar[str] = "there is no README with text where a visitor looks"
    version: ClassVar[str] = "17"
    path: str = ""
    text: str = ""
    title: str | None = None
    words: int = 0
    language: Language | None = None
    template: str | None = None
    stub: bool = False
    sections: tuple[Section, ...] = ()
    purpose: Location | None = None
    commands: tuple[Command, ...] = ()
    steps: Location | None = None
    examples: tuple[Location, ...] = ()
    pictures: tuple[Location, ...] = ()
    plans: tuple[Location, ...] = ()
    missing_pictures: tuple[Location, ...] = ()
    results: tuple[Location, ...] = ()
    drawings: tuple[Location, ...] = ()
    notebooks: tuple[Location, ...] = ()
    demos: tuple[Location, ...] = ()
    promises: tuple[Location, ...] = ()
    lost: tuple[Location, ...] = ()
    badges: int = 0
    unfinished: bool = False
    documentation: Location | None = None
    library: Location | None = None
    quality: Literal[1, 2, 3, 4] = 1

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """None if there is no README with content. Raises Unavailable if the only ones there could not be read."""
        readme = tree.derive(read_readme)
        if readme is None:
            return None
        path, markup = readme.path, readme.markup
        title = next((block for block in markup.blocks[:12] if block.kind == "heading"), None)
        pictures, plans, missing = find_pictures(tree, path, markup)
        prose = [block.text for block in markup.blocks if block.kind not in ("heading", "code")]
        spoken = guess_language(" ".join((title.text if title else "", *prose)))
        sections = read_sections(path, markup)
        links = read_links(readme)
        commands = find_commands(path, readme.text.replace("\r\n", "\n"), markup)
        found = cls(
            readme.incomplete,
            path=path,
            text=_beginning(readme.text),
            title=title.text[:200] if title else None,
            words=sum(count_words(block.text) for block in markup.blocks),
            language=spoken,
            template=find_template(markup),
            sections=sections[:SECTION_LIMIT],
            purpose=find_purpose(path, readme.text, markup, spoken),
            commands=commands,
            steps=find_steps(path, markup, sections),
            examples=find_examples(path, markup),
            pictures=pictures,
            plans=plans,
            missing_pictures=missing,
            results=(*find_results(path, markup), *find_outputs(path, markup), *find_samples(tree, path, markup)),
            drawings=find_drawings(path, markup),
            notebooks=find_notebooks(tree, path, markup),
            demos=tuple(link.location for link in links if link.use == "deployment")[:5],
            documentation=next((link.location for link in links if link.use == "documentation"), None),
            promises=find_promises(path, markup),
            lost=find_lost(tree, readme.text, commands),
            badges=len(markup.pictures) - len(pictures) - len(plans) - len(missing),
            unfinished=_is_plan(markup),
            library=tree.derive(library),
        )
        nothing_else = not (found.run_commands or pictures or plans or found.demos or found.examples)
        found = replace(found, stub=found.words < STUB_WORDS and nothing_else)
        return replace(found, quality=judge(found))

    def section(self, kind: SectionKind) -> Section | None:
        """The first section of that kind that has something in it, or below its smaller headings."""
        return next(
            (s for n, s in enumerate(self.sections) if s.kind == kind and any(map(_says, self._within(n)))), None
        )

    def _within(self, place: int) -> Iterator[Section]:
        """A section with those below it."""
        yield self.sections[place]
        yield from takewhile(lambda s: s.level > self.sections[place].level, self.sections[place + 1 :])

    @property
    def run_commands(self) -> tuple[Command, ...]:
        """Commands that install or start the project; getting the sources alone is none."""
        return tuple(command for command in self.commands if command.kind != "fetch")

    @property
    def requests(self) -> tuple[Location, ...]:
        """Requests to the running project, which show how it is used and not how it is started."""
        typed = (command for command in self.commands if command.text.startswith("curl "))
        return tuple(command.location for command in typed if any(mark in command.text for mark in _REQUEST))

    @property
    def shows(self) -> tuple[Location, ...]:
        """Everything that lets a reader see what the project does, the most telling first."""
        return (*self.demos, *self.pictures, *self.results)


def judge(readme: Readme) -> Literal[1, 2, 3, 4]:
    """Quality of a README with content.

    1 stub: a title, a generator's text or a list of things to do. 2 basic: says what it is, little else. 3 good:
    purpose, how to run it, some result or structure. 4 excellent: within a minute a reader understands problem, result,
    architecture and how to run it. Length does not count, but what cannot be read in a few minutes loses the top mark.
    """
    if readme.stub or readme.template or readme.unfinished:
        return 1
    if readme.purpose is None:
        return 2
    pictured = bool(readme.pictures or readme.plans)
    seen = pictured or bool(readme.results or readme.demos)
    inside = bool(readme.section("structure") or readme.drawings)
    why = readme.section("why") is not None
    parts = sum(
        (
            pictured,
            bool(readme.results or readme.section("result")),
            bool(readme.demos),
            inside,
            why,
            bool(readme.examples),
            len(readme.run_commands) >= 3,
        )
    )
    runs = bool(readme.run_commands or readme.steps or readme.requests)
    promises = len(readme.promises) + len(readme.missing_pictures)
    if promises >= 2 and not seen:
        return 2
    packaged = readme.library is not None and bool(readme.run_commands)
    tried = bool(readme.demos) and (runs or readme.section("what") is not None)
    if not (packaged or tried or parts >= 3 or (runs and (seen or parts >= 2))):
        return 2
    if not readme.run_commands or readme.words > LONG_WORDS or promises:
        return 3
    if readme.library is not None:
        return 4 if (readme.examples or pictured) and parts >= 2 else 3
    return 4 if len(readme.run_commands) >= 3 and seen and (parts >= 5 or (why and inside and parts >= 4)) else 3


def _beginning(text: str) -> str:
    """The first 48 KiB of a text without control characters, each of which JSON would spell with six letters."""
    plain = _CONTROLS.sub(" ", text)
    return plain.encode("utf-8", errors="replace")[:TEXT_LIMIT].decode("utf-8", errors="ignore")


def _is_plan(markup: Markup) -> bool:
    """Whether the text is a list of things to do: at least four lines that end in a state, and half of all lines."""
    lines: list[Block] = [block for block in markup.blocks if block.kind in ("item", "paragraph")]
    marked = sum(1 for block in lines if mentions(block.text[-24:], load_vocabularies("readme_words")["unfinished"]))
    return marked >= 4 and marked * 2 >= len(lines)
