"""Turn text into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedding(Protocol):
    """Anything that makes one vector of length one per text."""

    def __call__(self, texts: Sequence[str]) -> Vectors: ...


def normal(vectors: Vectors) -> Vectors:
    """The same directions, each of length one; a vector of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)


class SentenceEmbedding:
    """A model of sentence-transformers, loaded when it is first used."""

    def __init__(self, name: str = "all-MiniLM-L6-v2", batch: int = 64) -> None:
        self._name = name
        self._batch = batch
        self._model: object | None = None

    def __call__(self, texts: Sequence[str]) -> Vectors:
        if self._model is None:
            from sentence_transformers import SentenceTransformer

            self._model = SentenceTransformer(self._name)
        made = self._model.encode(list(texts), batch_size=self._batch)  # type: ignore[attr-defined]
        return normal(np.asarray(made, dtype=np.float32))
