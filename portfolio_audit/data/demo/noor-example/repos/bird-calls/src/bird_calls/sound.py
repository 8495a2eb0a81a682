"""From a recording to a picture of its tones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.io import wavfile
from scipy.signal import resample_poly, stft

RATE = 22_050
SECONDS = 3
BANDS = 64
LOWEST, HIGHEST = 900.0, 9_500.0

Samples = NDArray[np.float32]
Picture = NDArray[np.float32]


def read(path: Path) -> Samples:
    """The first channel of a file at our rate, between -1 and 1."""
    rate, samples = wavfile.read(path)
    if samples.ndim > 1:
        samples = samples[:, 0]
    if np.issubdtype(samples.dtype, np.integer):
        samples = samples / np.iinfo(samples.dtype).max
    if rate != RATE:
        common = int(np.gcd(rate, RATE))
        samples = resample_poly(samples, RATE // common, rate // common)
    return samples.astype(np.float32)


def loudest(samples: Samples, seconds: float = SECONDS) -> Samples:
    """The loudest stretch of the given length, padded with silence if the recording is shorter."""
    length = int(seconds * RATE)
    if len(samples) <= length:
        return np.pad(samples, (0, length - len(samples)))
    energy = np.convolve(samples**2, np.ones(RATE // 10), mode="same")
    middle = int(energy.argmax())
    start = min(max(0, middle - length // 2), len(samples) - length)
    return samples[start : start + length]


def bank(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
    """Triangular bands, evenly spaced in the logarithm of the frequency."""
    edges = np.geomspace(LOWEST, HIGHEST, BANDS + 2)
    bands = np.zeros((BANDS, len(frequencies)))
    for number, (left, centre, right) in enumerate(zip(edges, edges[1:], edges[2:], strict=False)):
        rising = (frequencies - left) / (centre - left)
        falling = (right - frequencies) / (right - centre)
        bands[number] = np.clip(np.minimum(rising, falling), 0, None)
    return bands


def picture(samples: Samples) -> Picture:
    """Loudness in decibels by band and time, with mean 0 and spread 1."""
    frequencies, _, spectrum = stft(loudest(samples), RATE, nperseg=1024, noverlap=768)
    loudness = 10 * np.log10(bank(frequencies) @ np.abs(spectrum) ** 2 + 1e-10)
    return ((loudness - loudness.mean()) / (loudness.std() + 1e-6)).astype(np.float32)
