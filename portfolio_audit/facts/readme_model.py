"""What the sections of a README are about, judged by a linear model over words, place and neighbours.

Learned from the sections that Prana et al. labelled by hand (Empirical Software Engineering 24, 2019); only weights are
shipped. Plain Python, a third of a millisecond a section. `docs/readme-sections.md` has the figures,
`benchmarks/readme_sections.py` makes the weights.
"""

import json
import zlib
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from math import sqrt
from operator import itemgetter
from typing import Literal, NamedTuple

from portfolio_audit.facts.readme_features import BITS, GROUPS, Hashes, extract
from portfolio_audit.facts.readme_parts import PART_LIMIT, Part

MAGIC = b"portfolio-audit sections 1\n"
SIZE = 1 << BITS
# As in the paper, with "why" counted among "what". "none" is text that nobody could judge, mostly in other languages.
SectionClass = Literal["none", "what", "how", "when", "who", "references", "contribution", "other"]
CLASSES: tuple[SectionClass, ...] = ("none", "what", "how", "when", "who", "references", "contribution", "other")

Scores = list[float]
_SQUARES = [(byte - 128) * abs(byte - 128) for byte in range(256)].__getitem__


class SectionModel(NamedTuple):
    """Weights: a byte a feature and class, and the factors that make scores of the sums.

    A byte's distance from 128, squared, with its sign, times the class's scale is the weight.
    """

    columns: tuple[bytes, ...]
    scales: Scores
    bases: Scores
    groups: Scores
    thresholds: Scores

    def score(self, features: list[Hashes]) -> Scores:
        """The score of each class for the features of one section."""
        scores = self.bases.copy()
        for weight, places in zip(self.groups, features, strict=True):
            number = len(places)
            if not number or not weight:
                continue
            factor = weight / sqrt(number)
            pick = itemgetter(*places, places[0])
            for index, column in enumerate(self.columns):
                total = sum(map(_SQUARES, pick(column))) - _SQUARES(column[places[0]])
                scores[index] += factor * self.scales[index] * total
        return scores

    def decide(self, scores: Scores) -> tuple[SectionClass, ...]:
        """The classes above their thresholds, else the one with the highest score."""
        found = tuple(
            name for name, score, least in zip(CLASSES, scores, self.thresholds, strict=True) if score > least
        )
        return found or (CLASSES[scores.index(max(scores))],)

    def may_describe(self, scores: Scores) -> bool:
        """Whether a section may say what the project is: it is taken for that, or for nothing in particular.

        Learned from programs of 2017, the classifier takes much of a machine learning README for steps, with scores
        above zero; a description it has no words for stays below.
        """
        found = self.decide(scores)
        return "what" in found or (scores[CLASSES.index("how")] <= 0 and found in (("how",), ("none",)))

    def classify(
        self, parts: Sequence[Part], kinds: Sequence[str | None], language: str | None
    ) -> list[tuple[SectionClass, ...]]:
        """The classes of each part, at least one; of more than 300 parts the rest are "none"."""
        read = parts[:PART_LIMIT]
        found = [self.decide(self.score(features)) for features in extract(read, kinds[:PART_LIMIT], language)]
        return found + [("none",)] * (len(parts) - len(read))


def encode_model(model: SectionModel) -> bytes:
    """The file of a model."""
    header = json.dumps({name: getattr(model, name) for name in SectionModel._fields[1:]}).encode()
    return MAGIC + zlib.compress(header + b"\n" + b"".join(model.columns), 9)


def decode_model(content: bytes) -> SectionModel:
    """Raises ValueError if the file is not one of this version."""
    if not content.startswith(MAGIC):
        raise ValueError("not a file of section weights of this version")
    header, _, table = zlib.decompress(content[len(MAGIC) :]).partition(b"\n")
    if len(table) != SIZE * len(CLASSES):
        raise ValueError("the table of section weights has another size")
    fields = json.loads(header)
    if len(fields["groups"]) != len(GROUPS):
        raise ValueError("the section weights are for other groups of features")
    return SectionModel(tuple(table[start : start + SIZE] for start in range(0, len(table), SIZE)), **fields)


@lru_cache(maxsize=1)
def section_model() -> SectionModel:
    """The weights that come with the package."""
    return decode_model(resources.files("portfolio_audit").joinpath("data", "readme_sections.bin").read_bytes())
