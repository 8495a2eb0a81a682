"""Which tools a repository uses: use in code and configuration counts, words do not."""

import time
from typing import Any

import pytest

from portfolio_audit.facts import skill_table
from portfolio_audit.facts.fact import read_facts
from portfolio_audit.facts.skill_table import fits, patterns
from portfolio_audit.facts.skill_uses import SkillUse, SkillUses
from portfolio_audit.facts.words import load_table
from portfolio_audit.testing import make_tree


def uses(files: dict[str, Any], **rest: Any) -> dict[str, SkillUse]:
    return {use.tool: use for use in SkillUses.distil(make_tree(files, **rest)).uses}


SEEN = [
    ("similarity-search", "a.py", "import minsearch\n\nindex.search(query, num_results=5)\n", 3),
    ("training-with-keras-lightning-or-fastai", "a.py", "import lightning as L\n\nL.Trainer().fit(model)\n", 3),
    ("stored-model-loaded", "a.py", "import lightning as L\n\nHive.load_from_checkpoint(path)\n", 3),
    ("held-out-data", "a.py", "class Hives(L.LightningDataModule):\n    def val_dataloader(self): ...\n", 2),
    ("overfitting", "a.py", "class EarlyStoppingWithPatience:\n    def step(self, loss): ...\n", 1),
    ("pretrained-vision-models", "a.py", "import segmentation_models_pytorch as smp\n\nm = smp.Unet('r')\n", 3),
    ("drift-detection", "a.py", "def detect_dataset_drift(old, new):\n    return old - new\n", 1),
    ("google-cloud", "main.tf", 'provider "google" {\n}\n', 1),
    ("aws", "infra/main.tf", 'provider "aws" {\n}\n', 1),
    ("stated-environments", "requirements-dev.txt", "pytest\n", None),
    # programming
    ("recursion", "walk.py", "def walk(tree):\n    for each in tree:\n        walk(each)\n", 3),
    ("collections", "a.py", "from collections import deque\nq = deque()\n", 2),
    (
        "inheritance-beyond-errors-and-plain-types",
        "a.py",
        "class A:\n    def f(self): ...\nclass B(A):\n    def g(self): ...\n",
        3,
    ),
    ("data-classes", "a.py", "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int\n", 2),
    ("pandas", "a.py", "from datasets import load_dataset\n\nbees = load_dataset('b').to_pandas()\n", 3),
    (
        "text-features",
        "a.py",
        "from langchain_community.retrievers import BM25Retriever\nBM25Retriever(d)\n",
        2,
    ),
    ("pandas", "a.py", "import pandas as pd\n\nbees = pd.read_csv('b.csv')\n", 3),
    ("sql", "a.py", 'QUERY = """\n  SELECT name FROM hives\n"""\n', 1),
    ("sql", "schema/hives.sql", "-- the hives\nCREATE TABLE hives (id int);\n", 2),
    ("programs-with-arguments", "a.py", "import argparse\np = argparse.ArgumentParser()\n", 2),
    ("workflows-on-pull-requests", ".github/workflows/ci.yml", "on:\n  pull_request:\njobs: {}\n", 2),
    ("stated-environments", "setup.py", "from setuptools import setup\nsetup(name='bees')\n", 2),
    # mathematics
    ("matrix-decompositions", "a.py", "import numpy as np\nu, s, v = np.linalg.svd(x)\n", 2),
    ("automatic-differentiation", "a.py", "import torch\nloss = f(x)\nloss.backward()\n", 3),
    ("hypothesis-tests", "a.py", "from scipy import stats\nstats.ttest_ind(a, b)\n", 2),
    ("hypothesis-tests", "a.R", "x <- read(1)\nt.test(x, y)\n", 2),
    ("loss-functions", "a.py", "from torch import nn\nc = nn.CrossEntropyLoss()\n", 2),
    # machine learning
    ("random-forests", "a.py", "from sklearn.ensemble import RandomForestRegressor as F\nm = F()\n", 2),
    ("k-means-clustering", "a.py", "class KMeans:\n    def fit(self, x): ...\n", 1),
    ("linear-and-logistic-regression", "a.R", "fit <- lm(y ~ x)\n", 1),
    ("own-network-modules", "a.py", "import torch.nn as nn\nclass Hive(nn.Module):\n    pass\n", 2),
    ("attention", "a.py", "class BeeAttention:\n    def forward(self, x): ...\n", 1),
    ("transfer-learning", "a.py", "import torchvision\nm = torchvision.models.resnet18()\n", 2),
    ("cross-validation", "a.py", "from sklearn.linear_model import RidgeCV\nRidgeCV()\n", 2),
    ("search-for-settings", "a.py", "from sklearn import linear_model as lm\nlm.MultiTaskLassoCV()\n", 2),
    ("precision-recall-and-f1", "a.py", "import evaluate\nevaluate.load('bleu')\nevaluate.load('f1')\n", 3),
    ("layer-by-layer-models", "a.py", "import tensorflow as tf\n\nm = tf.keras.Model(x, y)\n", 3),
    ("layer-by-layer-models", "a.py", "from keras.models import Model\nm = Model(x, y)\n", 2),
    ("cross-validation", "a.py", "from sklearn.model_selection import GridSearchCV as G\nG(m, p, cv=5)\n", 2),
    ("bayesian-models", "a.py", "from sklearn import linear_model as lm\nlm.BayesianRidge()\n", 2),
    ("layer-by-layer-models", "a.py", "from fastai.tabular.all import tabular_learner\ntabular_learner(d)\n", 2),
    ("openai-s-interface", "a.ts", "import { ChatOpenAI } from 'langchain/chat_models/openai';\n", 1),
    ("embeddings", "a.ts", "import { OpenAIEmbeddings } from 'langchain/embeddings/openai';\n", 1),
    ("transfer-learning", "a.py", "from ultralytics import YOLO\nm = YOLO('y.pt')\nm.train(data=d)\n", 3),
    ("csv-and-json", "a.py", "import requests\nr = requests.get(u)\nbees = r.json()['bees']\n", 3),
    ("numpy", "a.py", "import numpy as np\n# np.inf\n\nx = np.nan\n", 4),
    ("dvclive", "a.py", "from dvclive import Live\nwith Live() as live:\n    pass\n", 2),
    ("cross-validation", "a.py", "from sklearn.model_selection import KFold\nKFold(5)\n", 2),
    # production
    ("mlflow", "a.py", "import mlflow\nwith mlflow.start_run():\n    pass\n", 2),
    ("recommendation", "a.py", "def recommend(hive):\n    return near(hive)\n", 1),
    ("dvc", "dvc.yaml", "stages: {}\n", None),
    ("aws-sagemaker", "a.py", "import boto3\nc = boto3.client('sagemaker-runtime')\n", 2),
    ("google-vertex-ai", "a.py", "from google.cloud import aiplatform\naiplatform.init()\n", 2),
    ("fastapi", "a.py", "from fastapi import FastAPI\napp = FastAPI()\n", 2),
    ("other-web-framework", "a.js", "const e = require('express');\n", 1),
    ("drift-detection", "a.py", "from evidently.report import Report\nReport()\n", 2),
    ("metrics-or-traces-by-a-library", "a.py", "from prometheus_client import Histogram\nH = Histogram('a', 'b')\n", 2),
    # beside the layers
    (
        "speech-models",
        "a.py",
        "from transformers import WhisperProcessor\np = WhisperProcessor.from_pretrained('bees/buzz')\n",
        2,
    ),
    ("embeddings", "a.py", "from sentence_transformers import SentenceTransformer\nm = SentenceTransformer('b')\n", 2),
    ("langchain", "a.py", "from langchain_core.prompts import PromptTemplate\nPromptTemplate()\n", 2),
    ("faiss", "a.py", "from langchain_community.vectorstores import FAISS\nFAISS.from_texts(t, e)\n", 2),
    ("retrieval-chains", "a.py", "from langchain_chroma import Chroma\nr = Chroma().x\nr.as_retriever()\n", 3),
    ("databricks", "a.py", "# Databricks notebook source\nx = 1\n", 1),
    ("kafka-or-streaming", "a.py", "from pyspark.sql import functions as F\nd = spark.readStream.load('x')\n", 2),
    ("linear-systems-and-norms", "a.py", "import torch.nn.functional as F\nF.normalize(x)\n", 2),
    ("apache-airflow", "a.py", "from airflow.hooks.base import BaseHook\nh = BaseHook('a')\n", 2),
    ("grafana", "docker-compose.yml", "services:\n  show:\n    image: grafana/grafana:11\n", 3),
    ("similarity-search", "a.py", "from langchain_chroma import Chroma\nr = Chroma().x\nr.as_retriever()\n", 3),
    (
        "pretrained-transformers",
        "a.py",
        "from llama_index.embeddings.huggingface import HuggingFaceEmbedding\ne = HuggingFaceEmbedding('b')\n",
        2,
    ),
    ("lora-and-adapters", "a.py", "from peft import LoraConfig\nc = LoraConfig()\n", 2),
    ("openai-s-interface", "a.ts", "import OpenAI from 'openai';\n", 1),
    (
        "tables-validated-by-a-library",
        "a.py",
        "from pyspark import pipelines as dp\n\n@dp.table()\n@dp.expect_all({'q': 'queens > 0'})\ndef f(): ...\n",
        4,
    ),
    ("tables-validated-by-a-library", "a.py", "import dlt\n\n@dlt.expect('q', 'queens > 0')\ndef hives(): ...\n", 3),
    ("sqlalchemy-or-another-mapper", "a.cs", "using Microsoft.EntityFrameworkCore.Migrations;\n", 1),
    (
        "held-out-data",
        "a.py",
        "def split(rows):\n    n = int(0.8 * len(rows))\n    return {'train': rows[:n], 'test': rows[n:]}\n",
        2,
    ),
    (
        "held-out-data",
        "a.py",
        "n = max(1, int(hives.shape[0] * TRAIN_RATIO))\ntrain = hives.iloc[:n, :]\ntest = hives.iloc[n:, :]\n",
        1,
    ),
    ("ollama-or-llama-cpp", "a.py", "from llama_index.llms.ollama import Ollama\nm = Ollama('bee')\n", 2),
    ("google-gemini", "a.py", "from llama_index.llms import Gemini\nm = Gemini()\n", 2),
    ("google-gemini", "a.py", "from langchain.chat_models import init_chat_model as i\nm = i('google_genai:g')\n", 2),
    ("anthropic", "a.py", "from langchain_community.chat_models import ChatAnthropic\nm = ChatAnthropic()\n", 2),
    ("openai-s-interface", "a.java", "package a;\nimport dev.langchain4j.model.openai.OpenAiChatModel;\n", 2),
    ("langchain", "a.go", 'package a\nimport "github.com/tmc/langchaingo/llms/openai"\n', 2),
    ("openai-s-interface", "a.go", 'package a\nimport "github.com/tmc/langchaingo/llms/openai"\n', 2),
    ("chains-prompts-or-agents", "a.py", "from langchain.chains import LLMChain\nLLMChain(llm=m)\n", 2),
    ("kafka-or-streaming", "a.rs", "use serde::Serialize;\nuse rdkafka::producer::FutureProducer;\n", 2),
    ("kafka-or-streaming", "a.ts", "import { Kafka } from 'kafkajs';\n", 1),
    ("kafka-or-streaming", "a.go", 'package a\nimport (\n  "github.com/IBM/sarama"\n)\n', 3),
    ("kafka-or-streaming", "A.java", "import org.apache.kafka.clients.producer.KafkaProducer;\n", 1),
    ("programs-with-arguments", "a.rs", "use clap::Parser;\n", 1),
    ("programs-with-arguments", "a.go", 'package a\nimport "flag"\nfunc main() {\n  flag.Parse()\n}\n', 4),
    ("programs-with-arguments", "a.js", "const { program } = require('commander');\n", 1),
    ("programs-with-arguments", "A.java", "import picocli.CommandLine;\n", 1),
    ("similarity-search", "a.ts", "const store = hives();\nawait store.similaritySearch('bees', 4);\n", 2),
    ("sql", "a.go", "package a\nvar q = `\n  SELECT name FROM hives`\n", 2),
    ("google-cloud", ".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n      - run: gcloud compute ssh hive\n", 4),
    ("google-cloud", "deploy.sh", "#!/bin/sh\ncd api && gcloud run deploy hive\n", 2),
    ("aws", ".github/workflows/a.yml", "      - run: |\n          aws s3 sync . s3://hives\n", 2),
    ("azure", "Jenkinsfile", "steps {\n  sh 'az acr build .'\n}\n", 2),
    ("linting-formatting-or-type-checking-in-configuration", "pyrightconfig.json", "{}\n", None),
    ("linting-formatting-or-type-checking-in-configuration", "tox.ini", "[tox]\n\n[flake8]\n", 3),
    ("linting-formatting-or-type-checking-in-configuration", ".pre-commit-config.yaml", "hooks:\n  - id: black\n", 2),
    ("classes-with-methods", "A.java", "package a;\n/* class of bees */\npublic class Hive {\n  int f() { } }\n", 3),
    ("sql", "A.java", '@Query(nativeQuery = true,\n  value = "SELECT h FROM hives")\nList<Hive> all();\n', 2),
    ("abstract-classes-and-protocols", "I.cs", "namespace A;\npublic interface IHive\n{\n", 2),
    ("abstract-classes-and-protocols", "a.ts", "export abstract class Hive {\n", 1),
    ("abstract-classes-and-protocols", "src/hive.rs", "use std::io;\npub trait Weigh {\n    fn weigh(&self);\n}\n", 2),
    ("abstract-classes-and-protocols", "hive.go", "package hive\n\ntype Weigher interface {\n\tWeigh() int\n}\n", 3),
    ("model-registry", "a.py", "import mlflow\nmlflow.sklearn.log_model(m, 'm', registered_model_name='hives')\n", 2),
    ("model-registry", "a.py", "import mlflow\n\nM = 'models:/hives/3'\n", 3),
    ("pgvector", "docker-compose.yml", "services:\n  db:\n    image: pgvector/pgvector:pg16\n", 3),
    ("qdrant", "compose.yaml", "services:\n  db:\n    image: qdrant/qdrant\n", 3),
    (
        "inheritance-beyond-errors-and-plain-types",
        "A.cs",
        "public class A(Options<A> o)\n    : Base(o) { }\npublic class Hive : DbContext\n",
        3,
    ),
    ("data-classes", "A.java", "package a;\npublic record Hive(int bees) { }\n", 2),
    ("models-on-databricks", "a.py", "# Databricks notebook source\nfrom pyspark.ml.clustering import KMeans\n", 1),
    ("scheduled-workflows-of-github", ".github/workflows/a.yml", "on:\n  schedule:\n    - cron: '0 1 * * *'\n", 3),
]


@pytest.mark.parametrize(("tool", "path", "text", "line"), SEEN)
def test_use_is_seen_with_its_line(tool: str, path: str, text: str, line: int | None) -> None:
    use = uses({path: text})[tool]
    assert (use.places[0].path, use.places[0].line, use.files) == (path, line, 1)


SPLITTER = "from langchain_text_splitters import RecursiveCharacterTextSplitter as R\nR().split_text(t)\n"
TRACING = "# traces\nLANGCHAIN_TRACING_V2=true\n"

UNSEEN = [
    ("a Trainer that runs the loop", "training-loops", {"a.py": "import lightning as L\nL.Trainer().fit(m)\n"}),
    (
        "a Trainer that only tests",
        "training-with-keras-lightning-or-fastai",
        {"a.py": "import lightning as L\nL.Trainer().test(m)\n"},
    ),
    (
        "a sum over a mask",
        "convolutional-networks",
        {"a.py": "import torch.nn.functional as F\nF.conv2d(mask, ones)\n"},
    ),
    ("a template of a chart", "stated-environments", {"chart/templates/requirements.yaml": "{{ fail }}\n"}),
    ("an import alone", "pandas", {"a.py": "import pandas as pd\n"}),
    ("a comment", "pandas", {"a.py": "# import pandas as pd\n# pd.read_csv()\nx = 1\n"}),
    ("a string", "mlflow", {"a.py": "HELP = 'import mlflow; mlflow.start_run()'\n"}),
    ("a requirement", "fastapi", {"requirements.txt": "fastapi==0.110\n"}),
    ("a README", "mlflow", {"README.md": "We use MLflow:\n\n    import mlflow\n    mlflow.start_run()\n"}),
    (
        "a module of their own",
        "evidently",
        {"evidently.py": "def run(): ...\n", "a.py": "import evidently\nevidently.run()\n"},
    ),
    ("a variable of that name", "mlflow", {"a.py": "def f(mlflow):\n    mlflow.start_run()\n"}),
    ("a relative import", "openai-s-interface", {"x/a.py": "from .openai import OpenAI\nOpenAI()\n"}),
    ("another client", "aws-sagemaker", {"a.py": "import boto3\nboto3.client('s3')\n"}),
    (
        "a method of something else",
        "training-with-keras-or-fastai",
        {"a.py": "import re, keras\nre.compile('x')\nkeras.x()\n"},
    ),
    ("another measure", "precision-recall-and-f1", {"a.py": "import evaluate\nevaluate.load('accuracy')\n"}),
    ("a model without a choice", "search-for-settings", {"a.py": "from sklearn.linear_model import Ridge\nRidge()\n"}),
    (
        "a network of their own",
        "layer-by-layer-models",
        {"a.py": "import tensorflow as tf\nclass Hive(tf.keras.Model):\n    pass\n"},
    ),
    ("a loss", "own-network-modules", {"a.py": "from torch import nn\nclass BeeLoss(nn.Module):\n    pass\n"}),
    ("an error that a network of any kind learns by", "regression", {"a.py": "from torch import nn\nnn.MSELoss()\n"}),
    (
        "a model that ranks pairs",
        "embeddings",
        {"a.py": "from sentence_transformers import CrossEncoder\nCrossEncoder('b')\n"},
    ),
    ("prose that begins like SQL", "sql", {"a.py": "HELP = 'SELECT the hives that you like'\n"}),
    (
        "a commented workflow",
        "workflows-on-pull-requests",
        {".github/workflows/a.yml": "on:\n  push:\n  # pull_request:\n"},
    ),
    ("a printed command", "kubernetes", {"Makefile": "help:\n\t@echo 'kubectl apply -f x'\n"}),
    ("a Makefile of documentation", "make", {"docs/Makefile": "html:\n\tsphinx-build\n"}),
    ("a setup.py that sets nothing up", "stated-environments", {"a/setup.py": "def setup_logging(): ...\n"}),
    ("a macro", "sql", {"macros/a.sql": "{# nothing #}\n"}),
    ("a vendored file", "pandas", {"venv/lib/a.py": "import pandas as pd\npd.read_csv('x')\n"}),
    ("words in R", "hypothesis-tests", {"a.R": "# t.test(x)\ny <- 't.test(x)'\n"}),
    (
        "a network of a library",
        "networks-without-a-library",
        {"a.py": "import torch\nclass NeuralNet(torch.nn.Module):\n    def f(self): ...\n"},
    ),
    ("a comment", "model-registry", {"a.py": "import mlflow\n# models:/hives/3\n"}),
    ("any interface", "abstract-classes-and-protocols", {"a.go": "package a\n\nvar x interface{}\n"}),
    ("a shape of data", "abstract-classes-and-protocols", {"a.ts": "interface Hive { bees: number }\n"}),
    ("a class without methods", "classes-with-methods", {"a.ts": "@NgModule({})\nexport class HiveModule { }\n"}),
    ("a query for objects", "sql", {"A.java": '@Query("SELECT h FROM Hive h")\nList<Hive> all();\n'}),
    ("a cache", "sqlalchemy-or-another-mapper", {"A.java": "import org.springframework.data.redis.core.X;\n"}),
    ("an error", "classes-with-methods", {"a.ts": "export class BadHive extends Error {}\n"}),
    (
        "what a parameter must be",
        "inheritance-beyond-errors-and-plain-types",
        {"A.cs": "class Page<T> where T : class\n"},
    ),
    (
        "an attribute before a property",
        "classes-with-methods",
        {"A.cs": "class Hive\n{\n    [Size(50)]\n    public string Name { get; set; }\n    bool Big => Size > 1;\n}\n"},
    ),
    ("an interface that is kept", "inheritance-beyond-errors-and-plain-types", {"A.cs": "class Hive : IHive\n"}),
    ("types of parameters", "inheritance-beyond-errors-and-plain-types", {"A.kt": "class Hive(val bees: Int)\n"}),
    ("prose", "classes-with-methods", {"A.java": "/*\nclass which holds\n   class of bees\n*/\n"}),
    ("a table prepared on Databricks", "models-on-databricks", {"a.py": "# Databricks notebook source\nimport csv\n"}),
    ("a command in a comment", "google-cloud", {"a.sh": "# gcloud run deploy\necho hi # gcloud run\n"}),
    ("a command in prose", "aws", {".github/workflows/a.yml": "  - name: Set aws credentials\n  - name: aws login\n"}),
    ("a version", "aws", {"a.sh": "aws --version\naws --endpoint-url=http://localhost:4566 s3 ls\n"}),
    ("a command that is named", "google-cloud", {"Makefile": "help:\n\tgcloud is needed\n"}),
    ("a text splitter", "chains-prompts-or-agents", {"a.py": SPLITTER}),
    ("tracing without what traces", "tracing-of-language-models", {".env": TRACING, "a.py": "import openai\n"}),
    ("a string in small letters of Go", "sql", {"a.go": 'package a\nvar q = "select a hive from all of them"\n'}),
    ("a helper of an action", "azure", {".github/workflows/a.yml": "    - uses: azure/setup-helm@v1\n"}),
    (
        "a sorted half",
        "held-out-data",
        {"a.py": "# train, test\nm = int(len(x) * 0.5)\nleft, right = sort(x[:m]), sort(x[m:])\n"},
    ),
    ("rows cut off", "held-out-data", {"a.py": "# train, test\nn = int(0.1 * len(x))\nx = x[n:-n]\n"}),
    ("numbers of rows", "held-out-data", {"a.py": "# train, test\nn = int(0.1 * rows)\na, b = x[:n], x[n:]\n"}),
    (
        "an expectation of dlt's loader",
        "tables-validated-by-a-library",
        {"a.py": "import dlt\ndlt.pipeline('hives').run(x)\n"},
    ),
    (
        "an error of their own",
        "inheritance-beyond-errors-and-plain-types",
        {"a.py": "class Bad(ValueError):\n    def f(self): ...\n"},
    ),
]


@pytest.mark.parametrize(("why", "tool", "files"), UNSEEN, ids=[each[0] for each in UNSEEN])
def test_what_is_no_use_shows_nothing(why: str, tool: str, files: dict[str, str]) -> None:
    assert tool not in uses(files)


def test_a_pickled_model_asked_through_an_own_helper_is_seen() -> None:
    helper = "import pickle\n\ndef load_it(path):\n    with open(path, 'rb') as file:\n        {}\n"
    app = "from tools import load_it\n\nmodel = load_it('model.pkl')\nmodel.predict([[1]])\n"
    for said in ("return pickle.load(file)", "it = pickle.load(file)\n    return it"):
        use = uses({"tools.py": helper.format(said), "app.py": app})["stored-model-loaded"]
        assert [(place.path, place.line) for place in use.places] == [("app.py", 4)]
    thrown = helper.format("pickle.load(file)\n    return path")
    for files in (
        {"tools.py": thrown, "app.py": app},
        {
            "tools.py": helper.format("return pickle.load(file)"),
            "app.py": app.replace("model =", "l ="),
        },
        {"app.py": app},
        {
            "tools.py": helper.format("return pickle.load(file)"),
            "app.py": app.replace("model.predict", "other.predict"),
        },
    ):
        assert "stored-model-loaded" not in uses(files)


@pytest.mark.parametrize("file", ["pipeline_tools", "serving"])
def test_every_orchestrator_and_server_that_other_facts_name_is_a_tool(file: str) -> None:
    table = load_table(file)
    named = table["orchestrator"] if file == "pipeline_tools" else table["api"]["other"]
    kind = "orchestrator" if file == "pipeline_tools" else "api"
    signs = tuple(sign for tool in skill_table.skill_table().tools for sign in tool.signs.split())
    assert named
    assert [each["name"] for each in named if not f"{kind}:{each['name']}".startswith(signs)] == []


def test_a_library_that_integrates_a_tool_uses_it() -> None:
    files = {
        "pyproject.toml": '[project]\nname = "hive-mlflow"\n',
        "README.md": "pip install hive-mlflow\n",
        "hive_mlflow/hook.py": "import mlflow\ndef log(x):\n    mlflow.log_metric('x', x)\n",
    }
    assert uses(files)["mlflow"].places[0].line == 3


def test_own_code_comes_before_notebooks_examples_and_tests() -> None:
    code = "import numpy as np\nnp.mean([])\n"
    cell = '{"cells": [{"cell_type": "code", "source": ["import numpy as np\\n", "np.mean([])"]}]}'
    files = {"a.ipynb": cell, "examples/a.py": code, "tests/test_a.py": code, "z/own.py": code}
    use = uses(files)["numpy"]
    assert [place.path for place in use.places] == ["z/own.py", "a.ipynb", "examples/a.py"]
    assert (use.files, use.rank) == (4, 0)
    assert use.places[1].note == "cell 1, line 2: np.mean()"
    del files["z/own.py"]
    assert uses(files)["numpy"].rank == 1


def test_sql_in_a_notebook() -> None:
    cells = '{"cells": [{"cell_type": "code", "source": "%%sql\\nselect * from hives"}]}'
    assert uses({"a.ipynb": cells})["sql"].places[0].note == "cell 1: SQL"


def test_what_could_not_be_read_is_said() -> None:
    tree = make_tree({"a.py": "x = 1\n"}, unread={"b.py": "missing"})
    assert SkillUses.distil(tree).incomplete == "1 of 2 Python files could not be read"


HOSTILE: dict[str, str | bytes] = {
    "a.py": "import torch\n" + "torch." * 5000 + "x()\n" + "".join(f"def f{n}():\n    f{n}()\n" for n in range(3000)),
    "b.py": "import boto3\n" + "boto3.client('x')\n" * 5000,
    "c.py": 'Q = """' + "select " * 20_000 + '"""\n',
    "d.sql": "(" * 100_000,
    "e\u202e.py": "import pandas as pd\npd.read_csv('\udcff')\n".encode("utf-8", "surrogateescape"),
    ".github/workflows/x.yml": "pull_request:" * 10_000 + "\n#" + "pull_request:" * 10_000,
    "f.ipynb": '{"cells": [' + '{"cell_type": "code", "source": "%%sql"},' * 2000 + "{}]}",
    "h.py": "import pickle\n"
    + "".join(f"def f{n}():\n    return pickle.load(x)\nm{n} = f{n}()\n" for n in range(2000))
    + "x.predict()\n",
    "i.py": "# train test [:\n" + "n = int(0.8 * len(x))\n" * 9000 + " " * 90_000 + "n = int(0.8 * len(x))" * 9000,
    "j.sh": "aws " * 60_000 + "\n" + "gcloud " * 30_000,
    "k.ts": "class A<" * 5000 + "\n" + "class A(\n" * 9000 + ".asRetriever" * 9000,
    "l.go": '"SELECT ' * 9000 + '"SELECT ' + " x" * 90_000 + "\n" + '" INSERT' * 9000 + "\nflag.Parse" * 9000,
    "g.R": "t.test" * 10_000 + "\nlm" * 10_000,
}


def test_hostile_files_cost_little_and_break_nothing() -> None:
    start = time.process_time()
    facts, failed = read_facts(make_tree(HOSTILE), (SkillUses,))
    assert not failed
    assert len(facts[SkillUses.key()]) < 20_000
    assert time.process_time() - start < 5


def test_every_line_of_the_table_is_understood() -> None:
    table = skill_table.skill_table()
    assert {skill.layer for skill in table.skill} == {layer.id for layer in table.layer}
    for tool in table.tools:
        said = [getattr(tool, field) for field in tool.__struct_fields__ if field != "name"]
        assert any(said), f"{tool.name} is recognised by nothing"
        assert tool.id


@pytest.mark.parametrize("said", ["torch:", "torch nn:Conv2d()", ":x", "a b:c(d"])
def test_a_pattern_that_is_not_understood_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="is no pattern"):
        patterns(skill_table.Tool("x"), said)


def test_stars() -> None:
    assert fits("KFold", "*Fold")
    assert fits("KFold", "K*")
    assert fits("RandomForestClassifier", "*Forest*")
    assert not fits("KFolds", "*Fold")


def test_another_table_is_another_version() -> None:
    assert SkillUses.version.endswith(f".{skill_table.stamp()}")


def test_code_shows_a_tool_before_the_runs_that_it_recorded() -> None:
    run = {"mlruns/0/abc/meta.yaml": "run_id: abc\n", "mlruns/0/abc/metrics/f1": "1 0.9 0\n"}
    use = uses({**run, "train.py": "import mlflow\nmlflow.start_run()\n"})["mlflow"]
    assert (use.places[0].path, use.files) == ("train.py", 2)


def test_a_recorded_run_shows_its_tracker_and_one_that_recorded_nothing_does_not() -> None:
    begun = {"mlruns/0/abc/meta.yaml": "run_id: abc\n", "mlruns/0/abc/tags/user": "kim"}
    assert "mlflow" not in uses(begun)
    found = uses({**begun, "mlruns/0/abc/params/depth": "3"})["mlflow"]
    assert [(place.path, place.note) for place in found.places] == [("mlruns/0/abc/meta.yaml", "a recorded run")]


@pytest.mark.parametrize(
    "beside", [{"a.py": "import langchain_openai\n"}, {"a.ts": "import { x } from '@langchain/core/tools';\n"}]
)
def test_tracing_by_the_environment_needs_something_that_traces(beside: dict[str, str]) -> None:
    place = uses({".env.example": TRACING, **beside})["tracing-of-language-models"].places[0]
    assert (place.path, place.line) == (".env.example", 2)


def test_where_a_tool_is_made_is_shown_before_its_parts() -> None:
    files = {
        "api/guard.py": "from fastapi.responses import JSONResponse\nJSONResponse({})\n",
        "serve.py": "from fastapi import Depends, FastAPI\nd = Depends(x)\napp = FastAPI()\n",
    }
    places = uses(files)["fastapi"].places
    assert [(each.path, each.line) for each in places] == [("serve.py", 3), ("api/guard.py", 2)]


def test_the_place_of_a_decorator_is_its_own_line() -> None:
    source = "import abc\n\nclass A:\n    @abc.abstractmethod\n    @other(\n        1)\n    def f(self): ...\n"
    assert uses({"a.py": source})["abstract-classes-and-protocols"].places[0].line == 4


def test_every_python_file_with_something_in_it_is_a_module_and_one_with_a_function_is_shown() -> None:
    files = {
        "app/__init__.py": "",
        "app/dag.py": "with hive():\n    pass\n",
        "app/work.py": "X = 1\ndef count(): ...\n",
    }
    modules = uses(files)["python-modules"]
    assert modules.files == 2
    assert (modules.places[0].path, modules.places[0].line) == ("app/work.py", 2)
    assert "python-modules" not in uses({"a.ipynb": '{"cells": [{"cell_type": "code", "source": "x = 1"}]}'})


def test_an_error_that_rests_on_an_own_error_is_no_design() -> None:
    own = "class HiveError(Exception):\n    def say(self): ...\n\n\nclass Empty(HiveError):\n    def say(self): ...\n"
    assert "inheritance-beyond-errors-and-plain-types" not in uses({"hive.py": own})
    grown = own + "\n\nclass Hive:\n    def count(self): ...\n\n\nclass Big(Hive):\n    def count(self): ...\n"
    assert "inheritance-beyond-errors-and-plain-types" in uses({"hive.py": grown})


def test_drift_measured_by_hand_and_agents_of_langchain_are_seen() -> None:
    files = {
        "drift.py": "class HiveDriftDetector:\n    def measure(self): ...\n",
        "ask.py": "from langchain.agents import AgentExecutor\nAgentExecutor(agent=1)\n",
    }
    assert {"drift-detection", "agents"} <= uses(files).keys()


def test_a_model_named_to_an_agent_is_the_one_that_is_called() -> None:
    code = "from pydantic_ai import Agent\n\nkeeper = Agent('google:gemini-bee', instructions='count')\n"
    found = uses({"a.py": code})
    assert "google-gemini" in found
    assert "anthropic" not in found


def test_settings_of_a_linter_state_no_environment() -> None:
    assert "stated-environments" not in uses({"a.py": "x = 1\n", "pyproject.toml": "[tool.ruff]\nexclude = []\n"})
    stated = '[project]\nname = "hive"\ndependencies = ["bees"]\n'
    assert "stated-environments" in uses({"a.py": "x = 1\n", "pyproject.toml": stated})
