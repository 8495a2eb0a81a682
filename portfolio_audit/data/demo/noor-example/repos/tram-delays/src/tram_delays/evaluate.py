"""Measure a trained model on weeks it has not seen, against the delay of now."""

from __future__ import annotations

from pathlib import Path

import mlflow
import pandas as pd
from sklearn.metrics import mean_absolute_error

from tram_delays.features import COLUMNS, TARGET
from tram_delays.train import split


def errors(model: object, table: pd.DataFrame) -> dict[str, float]:
    """Mean absolute error in seconds: of the model, and of the guess that nothing changes."""
    predicted = model.predict(table[COLUMNS])  # type: ignore[attr-defined]
    return {
        "mae_model": float(mean_absolute_error(table[TARGET], predicted)),
        "mae_unchanged": float(mean_absolute_error(table[TARGET], table["late_now"])),
    }


def by_line(model: object, table: pd.DataFrame) -> pd.DataFrame:
    """The same for each line, worst first."""
    rows = {line: errors(model, rows) for line, rows in table.groupby("line")}
    return pd.DataFrame(rows).T.sort_values("mae_model", ascending=False)


def run(features: Path, run_id: str) -> dict[str, float]:
    """Evaluate the model of a run, log the figures and return them."""
    _, test = split(pd.read_parquet(features))
    model = mlflow.sklearn.load_model(f"runs:/{run_id}/model")
    figures = errors(model, test)
    with mlflow.start_run(run_id=run_id):
        mlflow.log_metrics(figures)
    return figures
