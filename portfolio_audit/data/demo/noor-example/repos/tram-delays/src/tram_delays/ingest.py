"""Collect the operator's live feed into one Parquet file per day."""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
import pandas as pd

FEED = "https://feed.trams.example/v1/vehicles"


@dataclass(frozen=True)
class Position:
    """One vehicle as the feed reports it."""

    vehicle: str
    line: str
    stop: str
    seconds_late: int
    seen_at: dt.datetime


def parse(message: dict[str, object]) -> Iterator[Position]:
    """Yield the positions of one feed message; vehicles without a line are in the depot and left out."""
    vehicles = message.get("vehicles", [])
    if not isinstance(vehicles, list):
        raise ValueError("the feed has no list of vehicles")
    for vehicle in vehicles:
        if not vehicle.get("line"):
            continue
        yield Position(
            vehicle=str(vehicle["id"]),
            line=str(vehicle["line"]),
            stop=str(vehicle["next_stop"]),
            seconds_late=int(vehicle["delay"]),
            seen_at=dt.datetime.fromisoformat(vehicle["time"]),
        )


def collect(client: httpx.Client, minutes: int, pause: float = 20.0) -> pd.DataFrame:
    """Ask the feed for some minutes and return all positions, newest last."""
    rows: list[dict[str, object]] = []
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        response = client.get(FEED)
        response.raise_for_status()
        rows.extend(asdict(position) for position in parse(response.json()))
        time.sleep(pause)
    return pd.DataFrame(rows)


def store(frame: pd.DataFrame, folder: Path) -> list[Path]:
    """Write one file per day and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for day, rows in frame.groupby(frame["seen_at"].dt.date):
        path = folder / f"{day}.parquet"
        if path.exists():
            rows = pd.concat([pd.read_parquet(path), rows]).drop_duplicates()
        rows.to_parquet(path, index=False)
        written.append(path)
    return written


def main() -> None:
    """Collect for an hour by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--folder", type=Path, default=Path("data/raw"))
    arguments = parser.parse_args()
    with httpx.Client(timeout=10) as client:
        store(collect(client, arguments.minutes), arguments.folder)


if __name__ == "__main__":
    main()
