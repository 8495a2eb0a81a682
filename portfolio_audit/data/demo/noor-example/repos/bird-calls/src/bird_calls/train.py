"""Train the network and keep the best epoch."""

from __future__ import annotations

import argparse
import logging
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader

from bird_calls.network import Ear
from bird_calls.recordings import Pictures, clips, divide, species_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plan:
    """How to train."""

    epochs: int = 30
    batch: int = 32
    rate: float = 1e-3
    patience: int = 6


def epoch(network: Ear, loader: DataLoader[tuple[torch.Tensor, int]], optimiser: torch.optim.Optimizer) -> float:
    """One pass over the training clips; the mean loss."""
    network.train()
    losses = []
    for pictures, labels in loader:
        loss = nn.functional.cross_entropy(network(pictures), labels, label_smoothing=0.05)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return sum(losses) / max(1, len(losses))


@torch.no_grad()
def accuracy(network: Ear, loader: DataLoader[tuple[torch.Tensor, int]]) -> float:
    """The share of clips whose species was named."""
    network.eval()
    right = total = 0
    for pictures, labels in loader:
        right += int((network(pictures).argmax(dim=1) == labels).sum())
        total += len(labels)
    return right / total if total else 0.0


def train(folder: Path, target: Path, plan: Plan) -> float:
    """Train on a folder of recordings, save the best network and return its accuracy on the held-out days."""
    labelled = clips(folder)
    species = species_of(labelled)
    before, after = divide(labelled)
    training = DataLoader(Pictures(before, species, training=True), plan.batch, shuffle=True)
    held_out = DataLoader(Pictures(after, species, training=False), plan.batch)
    network = Ear(len(species))
    optimiser = torch.optim.AdamW(network.parameters(), lr=plan.rate)
    best, since = 0.0, 0
    for number in range(plan.epochs):
        loss = epoch(network, training, optimiser)
        share = accuracy(network, held_out)
        log.info("epoch %d: loss %.3f, accuracy %.3f", number, loss, share)
        since += 1
        if share > best:
            best, since = share, 0
            torch.save({"species": species, "weights": network.state_dict()}, target)
        if since > plan.patience:
            break
    return best


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epochs", type=int, default=Plan.epochs)
    parser.add_argument("--target", type=Path, default=Path("model.pt"))
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    best = train(arguments.folder, arguments.target, Plan(epochs=arguments.epochs))
    print(f"accuracy on the held-out days: {best:.1%}")


if __name__ == "__main__":
    main()
