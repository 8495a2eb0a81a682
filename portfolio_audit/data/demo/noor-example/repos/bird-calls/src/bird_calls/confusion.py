"""Which species are taken for which, as numbers and as the picture in the README."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader

from bird_calls.network import Ear

CELL = 24


@torch.no_grad()
def predictions(network: Ear, loader: DataLoader[tuple[torch.Tensor, int]]) -> list[tuple[int, int]]:
    """Pairs of the true species and the one that was named."""
    pairs: list[tuple[int, int]] = []
    for pictures, labels in loader:
        named = network(pictures).argmax(dim=1)
        pairs.extend(zip(labels.tolist(), named.tolist(), strict=True))
    return pairs


def matrix(pairs: Iterable[tuple[int, int]], size: int) -> NDArray[np.int64]:
    """Counts with the true species in rows and the named one in columns."""
    counts = np.zeros((size, size), dtype=np.int64)
    for true, named in pairs:
        counts[true, named] += 1
    return counts


def shares(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each row as shares of that species' clips; a species without clips is a row of zeros."""
    totals = counts.sum(axis=1, keepdims=True)
    return counts / np.where(totals == 0, 1, totals)


def worst(counts: NDArray[np.int64], species: Sequence[str], top: int = 3) -> list[tuple[str, str, int]]:
    """The confusions that happen most often."""
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None)[:top]
    found = []
    for position in order:
        true, named = np.unravel_index(position, wrong.shape)
        if wrong[true, named]:
            found.append((species[true], species[named], int(wrong[true, named])))
    return found


def draw(counts: NDArray[np.int64], target: Path) -> None:
    """Write the matrix as an SVG whose cells are the darker the more clips they hold."""
    cells = []
    for row, line in enumerate(shares(counts)):
        for column, share in enumerate(line):
            x, y = column * CELL, row * CELL
            cells.append(f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill-opacity="{share:.2f}"/>')
    side = len(counts) * CELL
    target.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">{"".join(cells)}</svg>')
