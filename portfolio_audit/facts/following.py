"""Whether the README says that the project follows a tutorial, in the owner's own words.

Only a sentence that says where this project's own code comes from counts. Thanks, "inspired by", where the data come
from, templates, instructions to the reader and a course's final project are how honest people write about own work.
"""

import re
from functools import cache
from typing import ClassVar, Self

from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.readme_file import read_readme
from portfolio_audit.tree import SourceTree

_NOUN = (
    r"(?:tutorials?|(?:online |video |udemy |coursera |crash )?courses?|youtube|(?:youtube )?videos?|walkthroughs?|"
    r"code-?labs?|code-?alongs?|quick-?starts?|getting[ -]started(?: guide)?|video series|playlist|zero to hero|"
    r"step[- ]by[- ]step guides?|guided projects?|boot-?camps?|master-?class(?:es)?)"
)
_GAP = r"[^.!?]{0,90}?"
_ARTICLE = r"(?:this|that|the|a|an|his|her|their|these|[\w.]{1,40}(?: [\w.]{1,40})?[’']s?)"
_NAMES_ONE = rf"{_ARTICLE}\b{_GAP}\b{_NOUN}\b"
_PROJECT = (
    r"(?:this|the|my)(?: \w{1,40})? (?:project|code|app|application|repo|repository|notebook|implementation|work)"
)
_MADE = r"(?:built|made|written|wrote|created|coded|developed|implemented|done|did)"
_FOLLOWING = r"(?:by following|following along with|following|while following|while watching|along with)"
_LESSONS = (
    r"https?://github\.com/(?:[^/\s]{1,60}/)?"
    r"[^/\s]{0,90}(?:tutorial|course|youtube|lesson|lecture|boot-?camp|playlist|zero-to-)"
)
"""An address of a repository that calls itself lessons."""
_SAYINGS = (
    # in the first person
    rf"\b(?:i|we)(?:[’']ve| have)? (?:closely |mostly |just )?follow(?:ed|ing)?(?: along)?(?: with| to)? {_NAMES_ONE}",
    rf"\b(?:i|we)(?:[’']ve| have)? (?:used|took|copied|borrowed|adapted|reused|typed)(?: all| most)?(?: of)?(?: the)? "
    rf"(?:source )?code (?:from|of|in) {_GAP}\b{_NOUN}\b",
    r"\b(?:i|we)(?:[’']ve| have)? followed (?:along )?(?:with )?(?:this|the|an?|his|her) "
    r"(?:(?!of\b|in\b|from\b)[\w’'-]{1,40} ){0,4}(?:article|blog ?post|book)\b",
    rf"\b(?:i|we)(?:[’']ve| have)? (?:coded|typed|worked)(?: this| it)? along(?: with| to)? {_NAMES_ONE}",
    rf"\b(?:i|we)(?:[’']ve| have)? worked through {_ARTICLE}\b{_GAP}\b(?:tutorials?|courses?|boot-?camps?)\b",
    r"\btutorials? (?:that )?(?:i|we) (?:followed|used)\b",
    rf"\b(?:i|we) {_MADE} (?:this|it)\b{_GAP}\b(?:{_FOLLOWING}|from) {_NAMES_ONE}",
    # with the project as the subject
    rf"\b{_PROJECT} (?:is|was|has been) (?:mostly |largely |heavily )?"
    rf"(?:based on|taken from|copied from|from|a copy of|{_MADE} (?:{_FOLLOWING}|from)) {_NAMES_ONE}",
    rf"\b(?:this|it) is (?:just |simply |mostly )?my (?:practice|version|implementation|attempt) (?:of|at|from) "
    rf"{_NAMES_ONE}",
    rf"\b{_PROJECT} is (?:just |simply |mostly )?(?:an? |my )(?:recreation|replica|replication|implementation) of "
    rf"{_NAMES_ONE}",
    r"\b(?:all )?the (?:source )?code(?: (?:of|for) (?:the|this) (?:project|app|application|notebook|repository))? "
    r"(?:is|was|has been|comes|came) (?:mostly |largely )?"
    rf"(?:taken |extracted |copied |borrowed )?from {_NAMES_ONE}",
    rf"\b{_PROJECT} (?:closely )?follows (?:along with )?{_NAMES_ONE}",
    rf"^{_MADE} {_FOLLOWING} {_GAP}\b{_NOUN}\b",
    rf"^{_MADE} (?:an?|the|this|my) [^.!?]{{1,60}}\b(?:by |while )?following (?:along with )?{_ARTICLE}\b{_GAP}"
    r"\b(?:tutorials?|courses?|lectures?|walkthroughs?|code-?alongs?|boot-?camps?)\b",
    rf"^(?:project |code |app )?(?:based on|following|followed|code (?:taken |copied )?from) {_NAMES_ONE}",
    r"\b(?:a|my) (?:code|follow)[- ]?along (?:of|with|to|for|project)\b",
    r"\b(?:learn|refresh|practi[cs]e)\b[^.!?]{0,60}\(https?://[^\s)]{1,200}?(?:tutorial|quickstart|getting-started)",
    rf"^this is (?:just |mostly )?(?:a |the |some )?code (?:taken |copied )?(?:from|of) {_ARTICLE}\b{_GAP}"
    rf"\b(?:{_NOUN}|blog(?: ?post)?|article)\b",
    rf"^(?:(?:all|the) )?(?:source )?code (?:is |was |comes )?(?:taken |copied )?from:? {_LESSONS}",
    # in other languages
    r"\b(?:he seguido|seguí|siguiendo|hecho siguiendo|basad[oa] en) (?:el|la|este|un|una) (?:\w{1,20} )?"
    r"(?:tutorial|curso|v[ií]deo)",
    r"\b(?:segui|seguindo|feito seguindo|acompanh(?:ei|ando|ava)|basead[oa] (?:no|na|em)) ?(?:o|a|este|um|uma)? ?"
    r"(?:\w{1,20} )?"
    r"(?:tutorial|curso|v[ií]deo|aula)\b",
    r"\b(?:j[’']ai suivi|en suivant|bas[ée]e? sur|tir[ée]e? d[eu]) (?:le|la|ce|un|une|du)? ?(?:\w{1,20} )?"
    r"(?:tutoriel|tuto|cours|vid[ée]o)\b",
    r"\b(?:basiert auf|folgt|gefolgt|entstand(?:en)? (?:nach|mit)|nach) (?:dem|einem|diesem) (?:[\w-]{1,30} )?"
    r"(?:[\w-]{0,30}tutorial|[\w-]{0,30}kurs|[\w-]{0,30}video)\b",
    r"(?:案例|代码|项目|示例|程序)[^。！？]{0,8}(?:来自|来源于|基于|参考)[^。！？]{0,40}(?:文档|教程|课程|视频)",
    r"(?:教程|课程)(?:中|里)?的?[^。！？]{0,8}代码(?:复现|重现)",
    r"(?:跟着|跟随|按照)[^。！？]{0,30}(?:教程|课程|视频)",
)
_STEMS = (
    "tuto cours curso vide víde vidé youtube walk lab along start playlist hero guide camp class follow article blog "
    "book practi learn refresh lectur lesson zero-to aula kurs 教程 课程 视频 文档"
).split()
"""One of these is in every such sentence, which takes long to look for."""
_INNOCENT = re.compile(
    r"\b(?:inspired|inspiration|acknowledg\w*|thanks|thank|credits?|data ?sets?|data (?:is|are|was|were|come|from)|"
    r"template|cookiecutter|install\w*|set ?up|deploy\w*|docker|requirements|capstone|final project|thesis|paper|"
    r"assignment|homework|structure|architecture|format|conventions?|guidelines?|best practices|part of|students?|"
    r"ported|porting|port of|re-?writ\w+|re-?implement\w*|in (?:pure |modern )?(?:rust|julia|zig|swift|haskell|ocaml)|"
    r"footage|frames?|cameras?|record\w*|surveillance|teach\w*|you|your|readme|logo|icons?|styl\w+)\b|"
    r"\bin (?:pure |modern )?c\+\+",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_URL = re.compile(r"https?://[^\s)\]>\"']+")
_NAMED = re.compile(
    r"\b(?:by|from|of)\s+((?:@?[A-Z][\w.&-]{0,40})(?:\s+(?:of\s+)?[A-Z][\w.&-]{0,40}){0,4})"
    rf"|\b([A-Z][\w.&-]{{0,40}}(?:\s+[A-Z][\w.&-]{{0,40}}){{0,4}})(?:[’']s?)?\s+(?:\w{{1,40}}\s+)?{_NOUN}\b"
)
LONGEST = 1000
SENTENCE_CUT = 300
NAME_CUT = 120


class Following(TreeFact, frozen=True):
    """What the README says it follows: the `sentence`, its place, and the tutorial's `name` or address if it says."""

    version: ClassVar[str] = "7"
    sentence: str = ""
    name: str = ""
    where: Location = Location("")

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """None if no sentence says so. Raises Unavailable if the README could not be read."""
        readme = tree.derive(read_readme)
        if readme is None:
            return None
        for block in readme.markup.blocks:
            if block.kind not in ("paragraph", "item"):
                continue
            for sentence in _SENTENCE.split(block.text[:4000]):
                said = what_it_follows(sentence)
                if said:
                    line = _line_of(said, readme.text, block.line, block.end_line)
                    where = Location(readme.path, line, block.end_line, "says so")
                    links = [link.url for link in readme.markup.links if block.line <= link.line <= block.end_line]
                    return cls(None, said[:SENTENCE_CUT], _name(said, links), where)
        return None


def _line_of(said: str, text: str, first: int, last: int) -> int:
    """The line of a block on which the sentence begins: a list item goes on over lines that are not set in."""
    begins = said.split()[:3]
    lines = text.replace("\r\n", "\n").split("\n")[first - 1 : last]
    return next((first + n for n, line in enumerate(lines) if " ".join(begins) in " ".join(line.split())), first)


@cache
def _says() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{saying})" for saying in _SAYINGS), re.IGNORECASE)


def what_it_follows(sentence: str) -> str:
    """The sentence, if it says that the project follows a tutorial; else nothing.

    Words of the line before that have no full stop (a list item) are left out of it.
    """
    sentence = sentence.strip()[:LONGEST]
    said = sentence.lower()
    found = _says().search(sentence) if any(stem in said for stem in _STEMS) else None
    if found is None or _INNOCENT.search(_URL.sub("", sentence)):
        return ""
    return sentence[found.start() :] if found[0][0].isupper() else sentence


def _name(sentence: str, links: list[str]) -> str:
    """What the sentence calls the tutorial: somebody's name, else an address, else nothing."""
    named = _NAMED.search(_URL.sub("", sentence))
    if named:
        return (named[1] or named[2])[:NAME_CUT].rstrip(".")
    addresses = [*_URL.findall(sentence), *links]
    return addresses[0][:NAME_CUT] if addresses else ""
