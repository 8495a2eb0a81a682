"""Small pieces of invented pipelines, for the tests of facts and checks."""

import json

INGEST = """import requests
import pandas as pd


def ingest(url):
    pd.DataFrame(requests.get(url).json()).to_csv("raw.csv")
"""
CLEAN = """import pandas as pd


def clean(source, target):
    pd.read_csv(source).dropna().to_csv(target)
"""
TRAIN = """import joblib
import pandas as pd
from sklearn.linear_model import Ridge


def train(path):
    data = pd.read_csv(path)
    joblib.dump(Ridge().fit(data[["day"]], data["weight"]), "hive.joblib")
"""
EVALUATE = """from sklearn.metrics import r2_score


def evaluate(truth, guess):
    print(r2_score(truth, guess))
"""
MAIN = "\n\nif __name__ == '__main__':\n    {}\n"
SCRIPTS = {
    "01_ingest.py": INGEST + MAIN.format("ingest('https://hives.example/api')"),
    "02_clean.py": CLEAN + MAIN.format("clean('raw.csv', 'clean.csv')"),
    "03_train.py": TRAIN + MAIN.format("train('clean.csv')"),
}
DVC = """stages:
  ingest:
    cmd: python src/get.py
    outs: [raw.csv]
  clean:
    cmd: python src/tidy.py
    deps: [raw.csv]
  train:
    cmd: python src/fit.py
"""
DVC_FILES = {
    "dvc.yaml": DVC,
    "src/get.py": INGEST + MAIN.format("ingest('https://hives.example/api')"),
    "src/tidy.py": CLEAN + MAIN.format("clean('raw.csv', 'clean.csv')"),
    "src/fit.py": TRAIN + MAIN.format("train('clean.csv')"),
}
SNAKEFILE = """rule all:
    input: "model.joblib"

rule download_hives:
    output: "raw.csv"
    shell: "python get.py"

rule clean_hives:
    input: "raw.csv"
    shell: "python tidy.py"

rule train:
    shell: "python fit.py"
"""
PREFECT = """from prefect import flow, task
import pandas as pd


@task
def fetch_hives():
    return pd.read_csv("https://hives.example/all.csv")


@task(retries=3)
def clean_hives(frame):
    return frame.dropna()


@task
def train(frame):
    return model.fit(frame)


@flow
def main():
    train(clean_hives(fetch_hives()))
"""
NOTEBOOK = json.dumps(
    {
        "cells": [{"cell_type": "code", "source": "import pandas as pd\npd.read_csv('a').dropna().to_csv('b')"}],
        "metadata": {},
        "nbformat": 4,
    }
)


def dbt() -> dict[str, str]:
    """A dbt project with one model of each layer."""
    return {
        "warehouse/dbt_project.yml": "name: hives\n",
        "warehouse/models/staging/stg_hives.sql": "select * from {{ source('raw', 'hives') }}\n",
        "warehouse/models/marts/fct_hives.sql": "select * from {{ ref('stg_hives') }}\n",
    }
