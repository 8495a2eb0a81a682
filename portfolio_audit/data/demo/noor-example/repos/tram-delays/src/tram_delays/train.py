"""Train the model and put it into the registry."""

from __future__ import annotations

from pathlib import Path

import mlflow
import mlflow.sklearn
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor

from tram_delays.features import COLUMNS, TARGET

MODEL = "tram-delays"


def split(table: pd.DataFrame, held_out_weeks: int = 4) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hold out the last whole weeks; a random split would put one journey on both sides."""
    border = table["minute"].max() - pd.Timedelta(weeks=held_out_weeks)
    return table[table["minute"] <= border], table[table["minute"] > border]


def fit(train: pd.DataFrame, *, learning_rate: float = 0.08, rounds: int = 300) -> HistGradientBoostingRegressor:
    """A model of the absolute error: few very late trams should not decide it."""
    model = HistGradientBoostingRegressor(
        loss="absolute_error", learning_rate=learning_rate, max_iter=rounds, early_stopping=True, random_state=7
    )
    return model.fit(train[COLUMNS], train[TARGET])


def run(features: Path, *, learning_rate: float = 0.08) -> str:
    """Train, log parameters and model, and return the run's id."""
    train, _ = split(pd.read_parquet(features))
    mlflow.set_experiment(MODEL)
    with mlflow.start_run() as current:
        mlflow.log_params({"learning_rate": learning_rate, "rows": len(train)})
        model = fit(train, learning_rate=learning_rate)
        mlflow.sklearn.log_model(model, name="model", registered_model_name=MODEL)
        return current.info.run_id
