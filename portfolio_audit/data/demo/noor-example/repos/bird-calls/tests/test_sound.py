import numpy as np

from bird_calls.sound import BANDS, RATE, SECONDS, loudest, picture


def test_short_recordings_are_padded():
    assert len(loudest(np.ones(10, dtype=np.float32))) == SECONDS * RATE


def test_the_loudest_stretch_is_kept():
    samples = np.zeros(10 * RATE, dtype=np.float32)
    samples[8 * RATE : 8 * RATE + 500] = 1
    assert loudest(samples).max() == 1


def test_a_high_tone_is_in_a_high_band():
    time = np.arange(SECONDS * RATE) / RATE
    tone = np.sin(2 * np.pi * 6_000 * time).astype(np.float32)
    assert picture(tone).mean(axis=1).argmax() > BANDS / 2
