"""Results that a README states: a measure with its number, and what the program answered.

Settings, goals and hopes have numbers too, and a service that is up has been started, which shows no result.
"""

import re

from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.markup import Block, Markup
from portfolio_audit.facts.paths import suffix
from portfolio_audit.facts.readme_commands import SHELLS, is_command
from portfolio_audit.facts.readme_show import local_path
from portfolio_audit.facts.words import fold, load_vocabularies, mentions
from portfolio_audit.tree import SourceTree

RESULT_LIMIT = 12

_WORDS = load_vocabularies("readme_words")
_RESULTS = load_vocabularies("readme_headings")["result"]
# A number that counts something else ("a 10-year risk", "5-fold", "v2") measures nothing.
_EXACT = re.compile(r"\d[.,]\d|\d ?%")
_NUMBER = re.compile(r"\d[.,]\d|\d ?%|\d[xX×](?= )|(?<![\w.-])\d{2,}(?![\d]{0,12}(?:-[A-Za-z]|[A-Za-z]{4}))")
_DIGITS = re.compile(r"\d+")
_SHARES = re.compile(r"(?<![\w.])\d{2}%? ?[/:-] ?\d{2}(?:%? ?[/:-] ?\d{2})?%?(?![\w/]|\.\d)")
"""What may say how data are split ("70/30"), which measures nothing, if it makes a hundred."""
_MEASURED = re.compile(
    r"(?i)\b(?:loss|scores?|map|improvement|reduction)(?: (?:of|is|was|by|at))?(?: (?:around|about|over|nearly))?"
    r"[\s:=*`|~≈]{1,6}\d{1,4}(?:[.,]\d| ?(?:%|percent))|\d[.,]\d{1,4} (?:\w{1,20} )?(?:loss|score|map)\b"
)
# Below a heading that promises results some words may stand between, but none that makes the number a setting.
_BESIDE = re.compile(
    r"(?i)\b(?:loss|scores?|map|improvement|reduction|params)\b(?![^\d]{0,30}(?:\b(?:weight|thresholds?|range|factor|"
    r"batch|top|steps?|epochs?)\b|\+ \d))"
    r"(?:[^\d.;()]{0,30}(?:\d{1,4}[.,]\d|\d{1,4} ?(?:%|percent|/ ?\d|[x×]\b))|[\s*`]{0,3}[:=≈~]"
    r"[\s*`≈~]{0,4}\d)"
    r"|\d ?(?:%|percent|[x×]|times|ms|[mbk]|million|billion)?\+? (?:\w{1,20} )?"
    r"(?:faster|improvement|reduction|params)\b"
)
_SAMPLE = re.compile(
    r" (?:sample|example|demo|actual|real) (?:\w+ ){0,4}(?:outputs?|results?|responses?|answers?|predictions?|runs?) |"
    r" (?:outputs?|results?|responses?|answers?|predictions?) (?:\w+ ){0,2}(?:samples?|examples?) "
)
"""A heading that announces what came out of one run; the text is folded."""
_FILES = frozenset(".csv .tsv .json .jsonl .html .xlsx .parquet .png .jpg .jpeg .svg .gif .pdf .txt".split())
_OF_RESULTS = re.compile(
    r"(?i)(?:^|[/_.-])(?:results?|outputs?|predictions?|reports?|metrics?|scores?|evaluations?|figures?|plots?|charts?|images?)"
    r"(?:[/_.-]|\d)"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s(?=[^a-z\d\s])")
_CLAUSE = re.compile(r"(?<=;)\s|\n")
# What names a measure in a table is a label; a longer cell talks about it.
_LABEL_WORDS = 6
# "Expected calibration error" is a measure, and a target may be a column.
_HOPED = re.compile(
    r"(?i)\b(?:(?<!you )should|goals?|aim(?:s|ing|ed)?(?: for| at| to)|to aim|expect(?:ed)?(?! (?:calibration|"
    r"value|return|loss|goals|shortfall|cost))|target(?:s|ed|ing)?(?! (?:variable|class|column|label|feature|"
    r"value|language|domain|data))|range: ?[(\[]?-?\d)\b|\d ?\)? range\b"
)
_REACHED = re.compile(r"(?i)\b(?:achiev|reach|obtain|attain|exceed|got\b|scored|surpass|maintain)")
# "ROC-AUC > 0.8" is a bar; an arrow is none.
_BAR = re.compile(r"[\w)](?:[\s*`]{0,3})(?:[<>]=?|[≥≤])\s{0,2}\d[\d.,]{0,8}(?: ?%)?")
# What another way of doing it would cost is no result; of its own cost a project says that it adds "only 12 ms".
_ADDED = re.compile(
    r"(?i)\badd(?:s|ed|ing)? (?!only|just|less|under|no\b)[^.;]{0,20}\d[^.;]{0,40}\b(?:latency|overhead)\b"
)

_ANSWERS = frozenset(("", "json", "text", "txt", "output", "console", "xml", "csv", "none", "plaintext"))
_LOOKING = re.compile(
    r"(?i)(?:^|\s)(?:ps|status|--version|version|whoami|nvidia-smi|get (?:pods|nodes|svc|all)|pip (?:list|show)|-V$)"
    r"(?:\s|$)|^which\s|/health\w{0,2}(?:$|[\s?\"'])"
)
_STATE = re.compile(
    r"(?i)\b(?:un)?healthy\b|\brunning\b|\bexited\b|\bup \d{1,4} (?:sec|min|hour|day)|\bup\W{0,3}$|\bactive\b|"
    r"\blistening\b|\bstartup complete\b|\bstarted\b|[\"']?status[\"']?\s?[:=]\s?[\"']?(?:ok|up|ready|alive)\b|"
    r"\bversion\W{1,3}v?\d|^\W{0,4}(?:[a-z][\w ]{0,30} )?v?\d{1,4}\.\d{1,4}\.\d{1,6}$"
)


def find_results(path: str, markup: Markup) -> tuple[Location, ...]:
    """Places where a measured result stands: a measure's name with a number, in a sentence, list item or table."""
    found: list[Location] = []
    table: list[Block] = []
    promising = _result_sections(markup)
    for block in (*markup.blocks, None):
        if block is not None and block.kind == "cell":
            table.append(block)
            continue
        if table:
            named = any(_names_measure(cell, promising) for cell in table)
            if named and sum(1 for cell in table if _NUMBER.search(cell.text)) >= 2:
                found.append(Location(path, table[0].line, table[-1].line))
            table = []
        if block is not None and block.kind in ("paragraph", "item") and _states(block, promising):
            found.append(Location(path, block.line))
    return tuple(found[:RESULT_LIMIT])


def find_samples(tree: SourceTree, path: str, markup: Markup) -> tuple[Location, ...]:
    """Tables and lists below a heading that announces a sample of what comes out, and links there to committed files.

    Below any heading that promises results a link counts if the file's path says that it holds some.
    """
    headings = [(place, block) for place, block in enumerate(markup.blocks) if block.kind == "heading"]
    announced = {place for place, block in headings if _SAMPLE.search(fold(block.text))}
    found: dict[tuple[str, int], list[Block]] = {}
    for block in markup.blocks if announced else ():
        if block.section in announced and block.kind in ("cell", "item"):
            found.setdefault((block.kind, block.section), []).append(block)
    shown = [Location(path, some[0].line, some[-1].end_line) for some in found.values() if len(some) >= 2]
    promising = announced | _result_sections(markup)
    for link in markup.links:
        target = local_path(path, link.url) if link.section in promising else None
        if target and suffix(target) in _FILES and target in tree and _OF_RESULTS.search(target):
            shown.append(Location(path, link.line, note="a file of results"))
    return tuple(shown[:RESULT_LIMIT])


def _states(block: Block, promising: frozenset[int]) -> bool:
    """Whether a text gives a measure its number: a vague word needs it beside it, and no goal is meant."""
    if not _NUMBER.search(block.text):
        return False
    sentences = [_attained(sentence) for sentence in _SENTENCE.split(block.text[:4_000])]
    for said, after in zip(sentences, (*sentences[1:], ""), strict=True):
        if mentions(said, _WORDS["measures"]) and _NUMBER.search(f"{said}\n{after}"):
            return True
        if _MEASURED.search(said) or (block.section in promising and _BESIDE.search(said)):
            return True
    return False


def _attained(sentence: str) -> str:
    """The sentence without its lines that hope, and without the bars that a measure is to pass."""
    said = "\n".join(clause for clause in _CLAUSE.split(sentence) if not _HOPED.search(clause))
    said = _SHARES.sub(lambda shares: " " if sum(map(int, _DIGITS.findall(shares[0]))) == 100 else shares[0], said)
    said = _ADDED.sub(" ", said)
    return said if _REACHED.search(said) else _BAR.sub(" ", said)


def _names_measure(cell: Block, promising: frozenset[int]) -> bool:
    """Whether a cell names a measure: by a word that is nothing else, or by a vague one in the right place."""
    if len(cell.text.split()) > _LABEL_WORDS:
        return _EXACT.search(cell.text) is not None and _states(cell, promising)
    if mentions(cell.text, _WORDS["measures"]):
        return True
    if not mentions(cell.text, _WORDS["vague"]):
        return False
    return cell.section in promising or _MEASURED.search(cell.text[:2_000]) is not None


def _result_sections(markup: Markup) -> frozenset[int]:
    """The headings that promise results, and those below them, by their places among the blocks."""
    found = set()
    above = 7
    for place, block in enumerate(markup.blocks):
        if block.kind != "heading":
            continue
        if block.level <= above:
            above = block.level if mentions(block.text, _RESULTS) else 7
        if above < 7:
            found.add(place)
    return frozenset(found)


def find_outputs(path: str, markup: Markup) -> tuple[Location, ...]:
    """Blocks of what the program answers: announced as output or response, or right below the command typed.

    A block of commands or an example of code is none, nor is what tells whether a service runs or which version it is.
    """
    found = []
    said, typed, looking = "", -1, False
    for block in markup.blocks:
        if block.kind != "code":
            said, typed = block.text[-120:], -1
            looking = looking and block.kind != "heading"
            continue
        if block.language in SHELLS:
            typed, looking = block.end_line, _only_looks(block.text)
            continue
        announced = "\n" in block.text.strip() and mentions(said, _WORDS["output"])
        answered = 0 <= block.line - typed <= 2 and not any(map(is_command, block.text.split("\n")[:40]))
        told = block.language in _ANSWERS and (announced or (typed >= 0 and answered))
        if told and not looking and not _is_state(block.text):
            found.append(Location(path, block.line, block.end_line))
        looking = False
    return tuple(found[:RESULT_LIMIT])


def _only_looks(text: str) -> bool:
    """Whether the last line typed asks for nothing but a state or a version."""
    lines = [line.strip() for line in text.split("\n")[:60] if line.strip() and not line.strip().startswith("#")]
    return bool(lines) and _LOOKING.search(lines[-1][:300]) is not None


def _is_state(text: str) -> bool:
    """Whether half of the lines with words in them tell the state of a service or a version."""
    lines = [line for line in text.split("\n")[:60] if re.search(r"\w", line)]
    return bool(lines) and 2 * sum(1 for line in lines if _STATE.search(line[:300])) >= len(lines)
