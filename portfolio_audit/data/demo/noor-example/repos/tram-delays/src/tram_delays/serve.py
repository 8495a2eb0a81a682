"""The API: predictions for a stop."""

from __future__ import annotations

from functools import lru_cache

import mlflow.sklearn
import pandas as pd
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

from tram_delays.features import COLUMNS
from tram_delays.train import MODEL

app = FastAPI(title="Tram delays")


class Situation(BaseModel):
    """What is known at a stop now."""

    late_now: float = Field(ge=-2700, le=2700)
    late_5_min_ago: float | None = None
    line_mean: float
    ahead_mean: float
    hour_sin: float = Field(ge=-1, le=1)
    hour_cos: float = Field(ge=-1, le=1)
    weekend: int = Field(ge=0, le=1)


class Prediction(BaseModel):
    """Seconds late in ten minutes."""

    seconds_late: float


@lru_cache(maxsize=1)
def model() -> object:
    """The model with the alias "live"."""
    return mlflow.sklearn.load_model(f"models:/{MODEL}@live")


@app.get("/health")
def health() -> dict[str, str]:
    """Whether the service is up; does not load the model."""
    return {"status": "ok"}


@app.post("/predict")
def predict(situation: Situation) -> Prediction:
    """Predict one stop."""
    row = pd.DataFrame([situation.model_dump()])[COLUMNS]
    try:
        seconds = float(model().predict(row)[0])  # type: ignore[attr-defined]
    except ValueError as error:
        raise HTTPException(status_code=422, detail=str(error)) from error
    return Prediction(seconds_late=round(seconds, 1))
