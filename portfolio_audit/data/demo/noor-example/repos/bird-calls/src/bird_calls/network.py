"""The network: four blocks of convolutions and a mean over time."""

from __future__ import annotations

import torch
from torch import nn

WIDTHS = (16, 32, 64, 96)


def block(before: int, after: int) -> nn.Sequential:
    """A convolution that halves the picture."""
    return nn.Sequential(
        nn.Conv2d(before, after, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
    )


class Ear(nn.Module):
    """Pictures of sound in, one number per species out."""

    def __init__(self, species: int, dropout: float = 0.3) -> None:
        super().__init__()
        sizes = (1, *WIDTHS)
        self.blocks = nn.Sequential(*(block(before, after) for before, after in zip(sizes, WIDTHS, strict=False)))
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(WIDTHS[-1], species))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Logits for a batch of shape (n, 1, bands, times)."""
        heard = self.blocks(pictures)
        return self.head(heard.mean(dim=(2, 3)))
