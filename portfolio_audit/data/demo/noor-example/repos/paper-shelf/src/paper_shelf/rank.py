"""Order passages by how well they fit a question: by meaning and by words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from paper_shelf.cut import Passage
from paper_shelf.embed import Embedding, Vectors

K1 = 1.4
B = 0.75


@dataclass(frozen=True)
class Hit:
    """A passage and how well it fits; higher is better."""

    passage: Passage
    score: float


def tokens(text: str) -> list[str]:
    """Lower-case words without punctuation."""
    return [word.strip(".,;:!?()[]\"'").lower() for word in text.split()]


def by_words(question: str, passages: Sequence[Passage]) -> list[float]:
    """Okapi BM25 of each passage."""
    documents = [Counter(tokens(passage.text)) for passage in passages]
    lengths = [sum(document.values()) for document in documents]
    mean = sum(lengths) / len(lengths) if lengths else 1.0
    scores = [0.0] * len(passages)
    for word in set(tokens(question)):
        holding = sum(word in document for document in documents)
        weight = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        for position, document in enumerate(documents):
            count = document[word]
            scores[position] += weight * count * (K1 + 1) / (count + K1 * (1 - B + B * lengths[position] / mean))
    return scores


def fuse(orders: Sequence[Sequence[int]], size: int, constant: int = 60) -> list[float]:
    """Reciprocal rank fusion of several orders of the same passages."""
    scores = [0.0] * size
    for order in orders:
        for place, position in enumerate(order):
            scores[position] += 1 / (constant + place + 1)
    return scores


def rank(question: str, passages: Sequence[Passage], vectors: Vectors, embedding: Embedding, top: int = 5) -> list[Hit]:
    """The best passages first."""
    if not passages:
        return []
    meaning = vectors @ embedding([question])[0]
    words = by_words(question, passages)
    orders = [list(np.argsort(-meaning)), sorted(range(len(words)), key=lambda position: -words[position])]
    fused = fuse(orders, len(passages))
    best = sorted(range(len(fused)), key=lambda position: -fused[position])[:top]
    return [Hit(passages[position], fused[position]) for position in best]
