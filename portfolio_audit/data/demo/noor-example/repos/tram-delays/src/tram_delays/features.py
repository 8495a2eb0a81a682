"""What is known at a stop now, and the delay ten minutes later."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

HORIZON = 10
COLUMNS = ["late_now", "late_5_min_ago", "line_mean", "ahead_mean", "hour_sin", "hour_cos", "weekend"]
TARGET = "late_in_10_min"


def clock(minutes: pd.Series) -> pd.DataFrame:
    """The time of day on a circle, so that midnight is near midnight."""
    angle = 2 * np.pi * (minutes.dt.hour * 60 + minutes.dt.minute) / (24 * 60)
    return pd.DataFrame({"hour_sin": np.sin(angle), "hour_cos": np.cos(angle)}, index=minutes.index)


def shifted(frame: pd.DataFrame, minutes: int, name: str) -> pd.Series:
    """The delay of the same journey some minutes away; missing where the journey has no such minute."""
    other = frame[["journey", "minute", "seconds_late"]].copy()
    other["minute"] += pd.Timedelta(minutes=minutes)
    joined = frame.merge(other, on=["journey", "minute"], how="left", suffixes=("", "_other"))
    return joined["seconds_late_other"].set_axis(frame.index).rename(name)


def neighbours(frame: pd.DataFrame) -> pd.DataFrame:
    """Mean delay on the line, and of the vehicles that passed the stop within the last ten minutes."""
    line_mean = frame.groupby(["line", "minute"])["seconds_late"].transform("mean")
    by_stop = frame.sort_values("minute").groupby("stop")["seconds_late"]
    ahead = by_stop.transform(lambda delays: delays.shift().rolling(3, min_periods=1).mean())
    return pd.DataFrame({"line_mean": line_mean, "ahead_mean": ahead.fillna(line_mean)})


def build(frame: pd.DataFrame) -> pd.DataFrame:
    """One row of features and target per vehicle and minute."""
    table = pd.concat(
        [
            frame[["line", "stop", "minute"]],
            frame["seconds_late"].rename("late_now"),
            shifted(frame, 5, "late_5_min_ago"),
            neighbours(frame),
            clock(frame["minute"]),
            (frame["minute"].dt.dayofweek >= 5).astype(int).rename("weekend"),
            shifted(frame, -HORIZON, TARGET),
        ],
        axis=1,
    )
    return table.dropna(subset=[TARGET])


def run(clean: Path, target: Path) -> int:
    """Build the features of every day and return the number of rows."""
    tables = [build(pd.read_parquet(path)) for path in sorted(clean.glob("*.parquet"))]
    table = pd.concat(tables, ignore_index=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(target, index=False)
    return len(table)
