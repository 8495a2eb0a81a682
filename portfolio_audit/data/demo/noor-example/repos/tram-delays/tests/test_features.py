import pandas as pd
import pytest

from tram_delays.features import HORIZON, TARGET, build, clock


def test_midnight_is_near_midnight():
    times = pd.Series(pd.to_datetime(["2026-03-01 23:59", "2026-03-02 00:01"]))
    circle = clock(times)
    assert circle["hour_sin"].diff().abs().iloc[1] < 0.02


def test_the_target_is_the_delay_of_the_same_journey_later():
    minutes = pd.date_range("2026-03-01 08:00", periods=HORIZON + 1, freq="min")
    frame = pd.DataFrame(
        {"vehicle": "1", "line": "4", "stop": "Mill", "journey": 1, "minute": minutes, "seconds_late": range(11)}
    )
    table = build(frame)
    assert table[TARGET].iloc[0] == pytest.approx(10)
    assert len(table) == 1
