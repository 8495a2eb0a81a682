"""A small invented repository.

Read once before processes are forked, it has facts load their tables and compile their patterns where one process does
it for all; without it each would spend a fifth of a second on that.
"""

from portfolio_audit.tree import File, SourceTree, blob_oid

_README = """# Hive

Counts bees at the entrance of a hive, for beekeepers who want to know when a swarm leaves. Follows no tutorial.

![The page](page.png) [Try it](https://hive-example.streamlit.app) and read https://example.org/blog/bees

## Install

    pip install -r requirements.txt
    python train.py --epochs 3

## Results

| model | accuracy |
|---|---|
| small | 0.91 |
| large | 0.93 |

Built with the help of a course. TODO: a picture.
"""
_CODE = '''"""Counts bees."""
import os
import requests
import mlflow
import pandas as pd
import torch.nn as nn
from fastapi import FastAPI
from openai import OpenAI
from sklearn.model_selection import train_test_split

URL = "https://example.org/bees.csv"
API_KEY = os.environ["HIVE_KEY"]
app = FastAPI()


class Counter(nn.Module):
    """Counts."""

    def forward(self, bees: pd.DataFrame, limit: int = 3) -> int:
        # rows = bees.head(limit)
        if len(bees) > limit and "queen" in bees.columns:
            return self.forward(bees[1:], limit)
        return len(bees)


@app.get("/bees")
def bees() -> dict[str, int]:
    rows = pd.read_csv(requests.get(URL, timeout=5).text).dropna()
    rows.to_sql("SELECT queen, count(*) FROM bees WHERE queen = 1 GROUP BY queen", None)
    train, test = train_test_split(rows[["queen", "age"]], test_size=0.2)
    with mlflow.start_run():
        mlflow.log_metric("accuracy", 0.9)
    OpenAI(base_url="http://localhost:11434").chat.completions.create(model="bee", messages=[])
    try:
        return {"bees": Counter()(train)}
    except:
        pass


if __name__ == "__main__":
    print(bees())
'''
_CELL = '{"cell_type":"code","execution_count":%d,"metadata":{},"outputs":[%s],"source":["%s"]}'
_OUTPUT = '{"output_type":"stream","name":"stdout","text":["1 bee"]}'
_FILES = {
    "README.md": _README,
    "hive/train.py": _CODE,
    "hive/__init__.py": "",
    "train.py": "from hive.train import bees\n\nbees()\n",
    "tests/test_train.py": "import pytest\nfrom hive.train import bees\n\n\ndef test_bees():\n    assert bees()\n",
    "look.ipynb": '{"nbformat":4,"nbformat_minor":5,"metadata":{"kernelspec":{"language":"python"}},"cells":['
    + ",".join(
        (
            _CELL % (1, "", "import pandas as pd\\n"),
            '{"cell_type":"markdown","metadata":{},"source":["# Bees\\n","They fly."]}',
            _CELL % (2, _OUTPUT, "def f(x):\\n    return x\\n"),
        )
    )
    + "]}",
    "ui/app.tsx": "import React from 'react';\nimport OpenAI from 'openai';\n\nexport class Hive {\n"
    "  count(): number {\n    return fetch('https://api.example.org/bees', { method: 'POST' }) as any;\n  }\n}\n",
    "ui/app.test.ts": "test('bees', () => { expect(1).toBe(1); });\n",
    "package.json": '{"name":"hive","scripts":{"test":"vitest","start":"next start"},"dependencies":{"react":"19"}}',
    "main.go": 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":80", nil) }\n',
    "Hive.java": "import org.springframework.boot.Application;\n\npublic class Hive {\n  int bees() { return 1; }\n}\n",
    "bees.R": "library(ggplot2)\nbees <- read.csv('bees.csv')\nfit <- lm(y ~ x, data = bees)\n",
    "bees.sql": "SELECT queen, count(*) FROM bees GROUP BY queen;\n",
    "bees.csv": "queen,age\n1,2\n",
    "Dockerfile": "FROM python:3.12\nCOPY . /app\nRUN pip install -r requirements.txt\nCMD python train.py\n",
    "docker-compose.yml": "services:\n  web:\n    build: .\n    ports: ['80:80']\n",
    ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
    "      - run: pytest -q\n"
    "      - run: docker build .\n",
    "requirements.txt": "pandas==2.2\nfastapi>=0.115\n",
    "pyproject.toml": '[project]\nname = "hive"\ndependencies = ["httpx>=0.28"]\n\n[tool.ruff]\n',
    "dvc.yaml": "stages:\n  train:\n    cmd: python train.py\n    deps: [bees.csv]\n",
    "Makefile": "train:\n\tpython train.py\n",
    "run.sh": "pip install hive\npython train.py\n",
    ".env.example": "HIVE_KEY=\n",
    "LICENSE": "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\n",
}


def sample() -> SourceTree:
    """The invented repository as a tree."""
    contents = {path: text.encode() for path, text in _FILES.items()}
    files = tuple(File(path, len(content), blob_oid(content)) for path, content in contents.items())
    return SourceTree(files, contents)
