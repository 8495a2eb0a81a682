"""Recordings with their labels, divided by day."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import Dataset

from bird_calls.sound import picture, read


@dataclass(frozen=True)
class Clip:
    """A recording, the species in it and the day it was made."""

    path: Path
    species: str
    day: dt.date


def clips(folder: Path) -> list[Clip]:
    """The clips of a folder, labelled in `labels.csv` with the columns file, species and day."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [Clip(folder / row["file"], row["species"], dt.date.fromisoformat(row["day"])) for row in rows]


def species_of(labelled: Sequence[Clip], at_least: int = 40) -> list[str]:
    """The species with enough clips, in alphabetical order."""
    counts: dict[str, int] = {}
    for clip in labelled:
        counts[clip.species] = counts.get(clip.species, 0) + 1
    return sorted(name for name, count in counts.items() if count >= at_least)


def divide(labelled: Sequence[Clip], test_days: int = 7) -> tuple[list[Clip], list[Clip]]:
    """Hold out the last days: clips of one morning resemble each other too much to stand on both sides."""
    border = max(clip.day for clip in labelled) - dt.timedelta(days=test_days)
    return [clip for clip in labelled if clip.day <= border], [clip for clip in labelled if clip.day > border]


class Pictures(Dataset[tuple[torch.Tensor, int]]):
    """Clips as pictures; in training each is moved in time and mixed with a little noise."""

    def __init__(self, labelled: Sequence[Clip], species: Sequence[str], *, training: bool, seed: int = 0) -> None:
        self._numbers = {name: number for number, name in enumerate(species)}
        self._clips = [clip for clip in labelled if clip.species in self._numbers]
        self._training = training
        self._random = np.random.default_rng(seed)

    def __len__(self) -> int:
        return len(self._clips)

    def __getitem__(self, position: int) -> tuple[torch.Tensor, int]:
        clip = self._clips[position]
        made = picture(read(clip.path))
        if self._training:
            made = np.roll(made, int(self._random.integers(-20, 20)), axis=1)
            made = made + self._random.normal(0, 0.1, made.shape).astype(np.float32)
        return torch.from_numpy(made)[None], self._numbers[clip.species]
