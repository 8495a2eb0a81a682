import datetime as dt
from pathlib import Path

from bird_calls.recordings import Clip, divide, species_of


def clip(species, day):
    return Clip(Path("a.wav"), species, dt.date(2026, 5, day))


def test_rare_species_are_left_out():
    assert species_of([clip("wren", 1)] * 40 + [clip("crane", 1)]) == ["wren"]


def test_no_day_is_on_both_sides():
    before, after = divide([clip("wren", day) for day in range(1, 21)])
    assert max(c.day for c in before) < min(c.day for c in after)
    assert len(after) == 7
