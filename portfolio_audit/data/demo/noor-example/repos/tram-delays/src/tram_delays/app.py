"""The page: choose a line, see the predicted delay of each stop."""

from __future__ import annotations

import os

import httpx
import pandas as pd
import streamlit as st

API = os.environ.get("TRAM_DELAYS_API", "http://localhost:8000")


def predictions(stops: pd.DataFrame) -> pd.Series:
    """Ask the API for each stop."""
    with httpx.Client(base_url=API, timeout=5) as client:
        answers = [client.post("/predict", json=row).json() for row in stops.to_dict("records")]
    return pd.Series([answer["seconds_late"] for answer in answers], index=stops.index)


def main() -> None:
    """Draw the page."""
    st.title("Will the tram be late?")
    stops = pd.read_parquet("data/now.parquet")
    line = st.selectbox("Line", sorted(stops["line"].unique()))
    chosen = stops[stops["line"] == line]
    late = predictions(chosen.drop(columns=["line", "stop", "lat", "lon"]))
    st.map(chosen.assign(size=late.clip(lower=30)), size="size")
    st.dataframe(chosen.assign(minutes=(late / 60).round(1))[["stop", "minutes"]], hide_index=True)


main()
