"""The nightly flow: clean, features, train, evaluate, and promote the model if it is better."""

from __future__ import annotations

import argparse
from pathlib import Path

from mlflow import MlflowClient
from prefect import flow, task

from tram_delays import clean, evaluate, features, train

DATA = Path("data")


@task(retries=2)
def clean_step() -> int:
    return clean.run(DATA / "raw", DATA / "clean")


@task
def features_step() -> int:
    return features.run(DATA / "clean", DATA / "features.parquet")


@task
def train_step() -> str:
    return train.run(DATA / "features.parquet")


@task
def evaluate_step(run_id: str) -> dict[str, float]:
    return evaluate.run(DATA / "features.parquet", run_id)


@task
def promote_step(figures: dict[str, float]) -> bool:
    """Give the newest version the alias that the API loads, if it beats doing nothing."""
    if figures["mae_model"] >= figures["mae_unchanged"]:
        return False
    client = MlflowClient()
    newest = max(client.search_model_versions(f"name='{train.MODEL}'"), key=lambda version: int(version.version))
    client.set_registered_model_alias(train.MODEL, "live", newest.version)
    return True


@flow(name="tram-delays")
def nightly(days: int = 60) -> bool:
    """Run all steps; the number of days limits what is read."""
    if clean_step() == 0:
        raise RuntimeError(f"no positions in the last {days} days")
    features_step()
    figures = evaluate_step(train_step())
    return promote_step(figures)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=60)
    nightly(parser.parse_args().days)
