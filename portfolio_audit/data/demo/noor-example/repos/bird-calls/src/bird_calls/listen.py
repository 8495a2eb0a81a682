"""Name the bird in one recording."""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from bird_calls.network import Ear
from bird_calls.sound import picture, read


def load(path: Path) -> tuple[Ear, list[str]]:
    """A trained network and its species."""
    kept = torch.load(path, weights_only=True)
    network = Ear(len(kept["species"]))
    network.load_state_dict(kept["weights"])
    return network.eval(), kept["species"]


@torch.no_grad()
def name(network: Ear, species: list[str], clip: Path, unsure: float = 0.6) -> str:
    """The species, or "unsure" where the network is."""
    made = torch.from_numpy(picture(read(clip)))[None, None]
    chances = network(made).softmax(dim=1)[0]
    best = int(chances.argmax())
    return species[best] if float(chances[best]) >= unsure else "unsure"


def diary(network: Ear, species: list[str], folder: Path) -> dict[str, int]:
    """How often each species was heard in a folder of clips, most often first."""
    counts: dict[str, int] = {}
    for clip in sorted(folder.glob("*.wav")):
        heard = name(network, species, clip)
        if heard != "unsure":
            counts[heard] = counts.get(heard, 0) + 1
    return dict(sorted(counts.items(), key=lambda entry: -entry[1]))


if __name__ == "__main__":
    print(name(*load(Path(sys.argv[1])), Path(sys.argv[2])))
