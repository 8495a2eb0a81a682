"""What the section classifier sees: names of features in groups, hashed to places in its table of weights.

A feature of a group of n counts 1/√n, so a long section speaks no louder than a short one.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from zlib import crc32

from portfolio_audit.facts.readme_parts import Measure, Part, find_parents, measure

GROUPS = ("heading", "above", "root", "around", "beside", "words", "code", "sites", "shape")
BITS = 16
_MASK = (1 << BITS) - 1
SIBLINGS = 6

Hashes = list[int]


def extract(parts: Sequence[Part], kinds: Sequence[str | None], language: str | None) -> list[list[Hashes]]:
    """For each part and each of `GROUPS` the places of its features.

    `kinds` are what the word lists say of each heading, `language` is the README's.
    """
    measures = [measure(part) for part in parts]
    parents = find_parents(part.level for part in parts)
    whole = _describe(parts, measures, language)
    found = []
    for index in range(len(parts)):
        groups = _groups(index, parts, measures, parents, kinds, whole)
        found.append([[crc32(name.encode("utf-8", "replace")) & _MASK for name in names] for names in groups])
    return found


def _groups(
    index: int,
    parts: Sequence[Part],
    measures: Sequence[Measure],
    parents: Sequence[int],
    kinds: Sequence[str | None],
    whole: list[str],
) -> Iterator[set[str]]:
    """The names of one part's features in the order of `GROUPS`."""
    own, above = measures[index], parents[index]
    root = _root(index, parents)
    yield _heading(own.heading)
    yield _named("p", measures[above].heading) if above >= 0 else {"p:"}
    yield _named("r", measures[root].heading) if root >= 0 else set()
    before = {f"-:{word}" for word in measures[index - 1].heading} if index else {"-:^"}
    after = {f"+:{word}" for word in measures[index + 1].heading} if index + 1 < len(parts) else {"+:$"}
    yield before | after
    beside = _siblings(index, parts, parents)
    yield {f"s:{word}" for place in beside[:SIBLINGS] for word in measures[place].heading[:4]}
    words = own.words
    yield {f"b:{word}" for word in words} | {f"b:{a} {b}" for a, b in pairwise(words[:61])}
    yield {f"w:{word}" for word in own.code}
    yield {f"u:{site}" for site in own.sites}
    yield {*whole, *_shape(index, parts, own, kinds, parents, root, len(beside))}


def _heading(words: list[str]) -> set[str]:
    pairs = {f"h:{a} {b}" for a, b in zip(["^", *words], [*words, "$"], strict=True)}
    stems = {f"h4:{word[:4]}" for word in words if len(word) > 4} | {
        f"h6:{word[:6]}" for word in words if len(word) > 6
    }
    return pairs | stems | {f"h:{word}" for word in words} | {"h=" + " ".join(words)}


def _named(mark: str, words: list[str]) -> set[str]:
    return {f"{mark}:{word}" for word in words} | {f"{mark}=" + " ".join(words)}


def _root(index: int, parents: Sequence[int]) -> int:
    """The part that a part's chapter begins with: the highest above it, the title left out; -1 if there is none."""
    above: list[int] = []
    while parents[index] >= 0:
        index = parents[index]
        above.append(index)
    if len(above) > 1 and above[-1] == 0:
        return above[-2]
    return above[-1] if above else -1


def _siblings(index: int, parts: Sequence[Part], parents: Sequence[int]) -> list[int]:
    """Other parts of the same level under the same heading; at most 300 are looked at."""
    level, above = parts[index].level, parents[index]
    first = max(above, 0)
    return [
        place
        for place in range(first, min(first + 300, len(parts)))
        if place != index and parents[place] == above and parts[place].level == level
    ]


def _bucket(number: float, edges: tuple[float, ...]) -> int:
    return next((place for place, edge in enumerate(edges) if number <= edge), len(edges))


def _describe(parts: Sequence[Part], measures: Sequence[Measure], language: str | None) -> list[str]:
    """Features that all parts of a README share."""
    number = len(parts) or 1
    calls = sum(each.call for each in measures) / number
    return [
        f"lang{language}",
        f"calls{_bucket(calls, (0, 0.1, 0.3, 0.6))}",
        f"coded{_bucket(sum(each.code_lines > 0 for each in measures) / number, (0, 0.3, 0.6))}",
        f"linked{_bucket(sum(each.links for each in measures) / number, (0.2, 1, 3))}",
        f"deep{max((part.level for part in parts), default=0)}",
        f"long{_bucket(sum(each.prose_words for each in measures) / number, (10, 30, 80))}",
        f"foreign{_bucket(sum(each.foreign for each in measures) / number, (0, 0.02, 0.1, 0.3))}",
        f"fenced{_bucket(sum(part.fenced for part in parts), (0, 2))}",
        f"parts{_bucket(number, (1, 2, 4, 8, 16, 32))}",
    ]


def _shape(
    index: int,
    parts: Sequence[Part],
    own: Measure,
    kinds: Sequence[str | None],
    parents: Sequence[int],
    root: int,
    beside: int,
) -> set[str]:
    """Place, size and marks of one part, and what the word lists say of the headings around it."""
    number, part = len(parts), parts[index]
    kind, above = kinds[index], kinds[parents[index]] if parents[index] >= 0 else "top"
    children = index + 1 < number and parents[index + 1] == index
    place, length = _bucket(index, (0, 1, 2, 4, 8, 16)), _bucket(own.prose_words, (0, 3, 10, 25, 60, 150))
    return {
        f"level{part.level}",
        f"place{place}",
        f"share{min(9, 10 * index // number)}",
        f"left{_bucket(number - 1 - index, (0, 1, 2, 4, 8))}",
        f"words{length}",
        f"blocks{_bucket(own.blocks, (0, 1, 3))}",
        f"lines{_bucket(own.code_lines, (0, 1, 4, 12))}",
        f"links{_bucket(own.links, (0, 1, 3, 8))}",
        f"pictures{_bucket(own.pictures, (0, 1, 3))}",
        f"badges{_bucket(own.badges, (0, 1, 3))}",
        f"commands{_bucket(own.commands, (0, 1, 3))}",
        f"items{_bucket(own.items, (0, 1, 4, 10))}",
        f"inline{_bucket(own.inline, (0, 1, 4))}",
        f"children{children}",
        f"beside{_bucket(beside, (0, 1, 4, 11))}",
        f"heading{_bucket(len(own.heading), (0, 1, 2, 4, 8))}",
        f"script{_bucket(own.foreign, (0, 0.02, 0.1, 0.3))}",
        f"fence{part.fenced}",
        f"call{own.call}",
        f"version{own.version}",
        f"year{own.year}",
        f"question{own.question}",
        f"link{own.linked}",
        f"mark{own.marked}",
        f"upper{part.heading.isupper()}",
        f"level{part.level}place{min(place, 3)}",
        f"title{index == 0}words{_bucket(own.prose_words, (0, 3, 25))}",
        f"level{part.level}words{own.prose_words > 10}lines{own.code_lines > 4}",
        f"kind{kind}",
        f"above{above}",
        f"kind{kind}above{above}",
        f"call{own.call}above{above}",
        f"level{part.level}above{above}",
        f"root{kinds[root] if root >= 0 else 'top'}",
        f"before{kinds[index - 1] if index else '^'}",
        f"after{kinds[index + 1] if index + 1 < number else '$'}",
    }
