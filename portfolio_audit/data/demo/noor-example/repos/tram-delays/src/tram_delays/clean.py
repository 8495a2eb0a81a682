"""Turn raw positions into one row per vehicle, stop and minute."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

LONGEST_PLAUSIBLE = 45 * 60
"""Seconds; the operator cancels a journey that is later than this."""


def drop_impossible(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out rows whose delay cannot be one."""
    plausible = frame["seconds_late"].abs() <= LONGEST_PLAUSIBLE
    return frame[plausible & frame["stop"].ne("")]


def one_per_minute(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the last report of each vehicle in each minute."""
    minute = frame["seen_at"].dt.floor("min")
    ordered = frame.assign(minute=minute).sort_values("seen_at")
    return ordered.drop_duplicates(["vehicle", "minute"], keep="last")


def mark_journeys(frame: pd.DataFrame, gap_minutes: int = 15) -> pd.DataFrame:
    """Number the journeys: a new one begins after a gap or when the line changes."""
    ordered = frame.sort_values(["vehicle", "minute"])
    gap = ordered.groupby("vehicle")["minute"].diff() > pd.Timedelta(minutes=gap_minutes)
    other_line = ordered["line"] != ordered.groupby("vehicle")["line"].shift()
    return ordered.assign(journey=(gap | other_line).cumsum())


def clean(frame: pd.DataFrame) -> pd.DataFrame:
    """All steps in order."""
    return mark_journeys(one_per_minute(drop_impossible(frame)))


def run(raw: Path, target: Path) -> int:
    """Clean every raw file and return the number of rows written."""
    rows = 0
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(raw.glob("*.parquet")):
        frame = clean(pd.read_parquet(path))
        frame.to_parquet(target / path.name, index=False)
        rows += len(frame)
    return rows
