"""AI work is found in code and manifests, never in words about it."""

import json
from typing import Any

import pytest

from portfolio_audit.facts.ai_libraries import words
from portfolio_audit.facts.ai_work import AiWork, main_language
from portfolio_audit.testing import Files, make_tree


def read(files: Files, **options: Any) -> AiWork:
    found = AiWork.distil(make_tree(files, **options))
    assert found is not None
    return found


def test_a_model_that_is_stored_and_not_loaded_is_none_that_is_asked() -> None:
    text = "import joblib\nfrom sklearn.svm import SVC\nm = SVC().fit(x, y)\nm.predict(z)\njoblib.dump(m, 'm.pkl')\n"
    assert read({"a.py": text}).kinds == ("training",)


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("a.py", "from sklearn.svm import SVC\nm = SVC().fit(X, y)\n", "training"),
        ("a.py", "import torch\nloss.backward()\n", "training"),
        ("a.py", "from transformers import pipeline\np = pipeline('ner')\n", "inference"),
        ("a.py", "import joblib\nm = joblib.load('m.pkl')\ny = m.predict(x)\n", "inference"),
        ("a.py", "y = self.model.predict_proba(x)\n", "inference"),
        ("a.py", "from gradio_client import Client\n", "inference"),
        ("a.ts", "import { Client } from '@gradio/client'\n", "inference"),
        ("a.py", "import openai\n", "llm"),
        ("a.py", "from google import genai\n", "llm"),
        ("a.py", "import requests\nr = requests.post('http://localhost:11434/api/generate', json=q)\n", "llm"),
        ("a.py", "from sentence_transformers import SentenceTransformer\n", "embedding"),
        ("a.py", "from airflow import DAG\n", "pipeline"),
        (
            "a.py",
            "import pandas as pd\ndf = pd.read_csv('hives.csv')\ndf.dropna().to_parquet('h.parquet')\n",
            "pipeline",
        ),
        ("a.py", "from bs4 import BeautifulSoup\nimport requests\np = requests.get(u)\nw.writerow(p)\n", "pipeline"),
        ("nn.py", "def sigmoid(x): pass\ndef softmax(x): pass\ndef backprop(x): pass\n", "training"),
        (
            "n.ipynb",
            json.dumps({"cells": [{"cell_type": "code", "source": "import xgboost\nm.fit(a, b)"}]}),
            "training",
        ),
        ("m.R", "library(randomForest)\n", "inference"),
        ("m.R", "fit <- glm(y ~ x, data = hives)\n", "training"),
        ("m.jl", "using DataFrames, Flux\n", "inference"),
        ("a.ts", "import * as tf from '@tensorflow/tfjs';\nmodel.fit(x, y)\n", "training"),
        ("a.js", "const OpenAI = require('openai');\n", "llm"),
        ("a.ts", "await fetch('https://api.anthropic.com/v1/messages')\n", "llm"),
        ("package.json", '{"dependencies": {"@langchain/core": "^0.3.0"}}', "llm"),
        ("main.go", 'import "github.com/tmc/langchaingo/llms"\n', "llm"),
        ("go.mod", "module x\n\nrequire github.com/sashabaranov/go-openai v1.2.0\n", "llm"),
        ("src/main.rs", "use candle_core::Tensor;\n", "inference"),
        ("Cargo.toml", '[dependencies]\nasync-openai = "0.2"\n', "llm"),
        ("A.java", "import dev.langchain4j.model.chat.ChatModel;\n", "llm"),
        ("pom.xml", "<dependency><groupId>org.deeplearning4j</groupId></dependency>", "inference"),
        ("build.gradle.kts", 'implementation("org.springframework.ai:spring-ai-core:1.0")', "llm"),
        ("a.cpp", "#include <torch/torch.h>\n", "inference"),
        ("a.cc", '#include "llama.h"\n', "llm"),
        ("A.cs", "using Microsoft.ML.Data;\n", "inference"),
        ("A.swift", "import CoreML\n", "inference"),
        ("weights/best.onnx", "\x08\x07", "inference"),
        ("dvc.yaml", "stages: {}\n", "pipeline"),
        ("transform/dbt_project.yml", "name: hives\n", "pipeline"),
        ("flows/in.yml", "tasks:\n  - type: io.kestra.core.tasks.log.Log\n", "pipeline"),
    ],
)
def test_each_sign_is_found_with_its_place(path: str, text: str, kind: str) -> None:
    found = read({path: text})
    assert kind in found.kinds
    assert found.found is True
    assert any(clue.where.path == path for clue in found.evidence if clue.kind == kind)


@pytest.mark.parametrize(
    "files",
    [
        {
            "README.md": "# AI startup\n\nWe train neural networks with PyTorch and OpenAI.\n",
            "shop.py": "def cart(): pass\n",
        },
        {
            "shop.js": "const total = items.map(p => p.price)\n",
            "package.json": '{"dependencies": {"express": "^4.0.0"}}',
        },
        {"shop.py": "import pandas as pd\nimport numpy as np\nprint(pd.DataFrame())\n"},
        {"shop.py": "# import torch\nx = 'openai'\n"},
        {"a.go": '// import "github.com/tmc/langchaingo"\npackage main\n'},
        {"a.ts": "// import OpenAI from 'openai'\nexport const x = 1\n"},
        {"tests/test_x.py": "import sklearn\n", "shop.py": "x = 1\n"},
        {"a.py": "from aircraft import wing\nimport aircraft.ai\n"},
    ],
)
def test_words_comments_shops_and_tests_are_no_ai_work(files: Files) -> None:
    found = read(files)
    assert found.kinds == ()
    assert found.found is False
    assert found.searched == sum(1 for path in files if path.endswith((".py", ".js", ".go", ".ts")))


def test_a_language_that_is_not_read_leaves_it_open() -> None:
    found = read({"solve.m": "x = fitcknn(a, b);\n" * 50, "run.py": "x = 1\n"})
    assert (found.language, found.readable, found.found) == ("MATLAB", False, None)


def test_unread_files_leave_it_open() -> None:
    assert read({"a.py": "x = 1\n"}, unread={"b.py": "killed the parser"}).found is None


def test_nothing_at_all_is_no_ai_work() -> None:
    assert read({"README.md": "# Hello\n"}).found is False


def test_vendored_code_says_nothing() -> None:
    found = read(
        {
            "node_modules/openai/index.js": "require('openai')\n",
            ".venv/lib/torch/a.py": "import torch\n",
            "a.py": "x=1\n",
        }
    )
    assert found.kinds == ()


def test_the_main_language_is_the_one_with_most_own_bytes() -> None:
    assert main_language(make_tree({"a.py": "x = 1\n", "b.ts": "const x = 1;\n" * 9})) == "TypeScript"
    assert main_language(make_tree({"README.md": "x"})) is None


def test_work_on_a_teaching_set_is_found_without_any_library() -> None:
    assert read(
        {"train.csv": "sepal_length,sepal_width,petal_length,petal_width,species\n", "a.jl": "x = 1\n"}
    ).kinds == ("exercise",)


def test_evidence_is_capped_and_says_the_line() -> None:
    found = read({f"m{n}.py": "\n\nimport openai\n" for n in range(50)})
    assert len(found.evidence) == 4
    assert {clue.where.line for clue in found.evidence} == {3}


def test_no_library_is_of_two_kinds() -> None:
    for family in ("python", "r", "julia", "javascript", "go", "rust", "jvm", "cpp", "dotnet", "swift"):
        seen: dict[str, str] = {}
        for kind in ("ml", "llm", "embedding", "pipeline"):
            for name in words(family, kind):
                assert seen.setdefault(name, kind) == kind, (family, name)


@pytest.mark.parametrize("suffix", ["py", "ts", "R", "jl", "go", "rs", "java", "cpp", "cs", "swift", "yml", "ipynb"])
def test_hostile_sources_end(suffix: str) -> None:
    text = "import " * 30_000 + "\n" * 30_000 + "using a," * 30_000 + "'" * 30_000 + "\x00" + "library(" * 30_000
    assert read({f"a.{suffix}": text}).evidence == ()


def test_a_file_of_imports_alone_costs_no_more_than_its_length() -> None:
    lines = "\n".join(f'import x from "@langchain/p{n}"' for n in range(20_000))
    found = read({"a.ts": lines})
    assert [clue.where.line for clue in found.evidence] == [1, 2, 3, 4]


def test_the_place_that_shows_a_model_is_one_that_a_reader_would_choose() -> None:
    prepare = "from sklearn.preprocessing import StandardScaler\nx = StandardScaler().fit_transform(x)\n"
    notebook = {"cells": [{"cell_type": "code", "source": "import torch\nloss.backward()\n", "outputs": []}]}
    found = read({"a.py": prepare, "b.ipynb": json.dumps(notebook), "c.py": "import torch\nloss.backward()\n"})
    assert [clue.where.path for clue in found.evidence if clue.kind == "training"] == ["c.py", "b.ipynb", "a.py"]


def test_what_the_pages_of_a_blog_offer_for_download_is_no_work_of_its_own() -> None:
    blog = {"config.toml": "title = 'Bees'\n", "content/post/2024-01-01-bees.md": "# Bees\n\nA swarm.\n"}
    kept: dict[str, str | bytes] = {
        "media/latents.pt": b"\x80",
        "media/a.csv": "sepal_length,sepal_width,petal_length,petal_width,species\n",
    }
    assert read({**blog, **kept}).kinds == ()
    assert read({"README.md": "# Bees\n", **kept}).kinds == ("inference", "exercise")
    assert read({**blog, **kept, "train.py": "import torch\nloss.backward()\n"}).kinds == ("training",)


@pytest.mark.parametrize("address", sorted(words("addresses", "llm")))
@pytest.mark.parametrize("path", ["src/ask.py", "src/ask.ts"])
def test_every_address_of_a_language_model_is_found_in_any_language(path: str, address: str) -> None:
    assert read({path: f'ask("https://{address}/v1/chat")\n'}).kinds == ("llm",)
    assert read({path: f'ask("https://{address[:-1]}-/v1/chat")\n'}).kinds == ()


def test_a_warehouse_filled_by_sql_scripts_is_data_work_and_one_script_is_not() -> None:
    load, tidy = "COPY raw.hives FROM 'hives.csv';", "INSERT INTO silver.hives SELECT id FROM raw.hives;"
    found = AiWork.distil(make_tree({"sql/load.sql": load, "sql/tidy.sql": tidy}))
    assert found is not None
    assert (found.kinds, found.found) == (("pipeline",), True)
    assert [clue.where.path for clue in found.evidence] == ["sql/load.sql", "sql/tidy.sql"]
    alone = AiWork.distil(make_tree({"sql/load.sql": load}))
    assert alone is not None
    assert alone.found is None


def test_a_scaler_that_is_fitted_first_is_not_shown_as_the_training() -> None:
    code = (
        "from sklearn.linear_model import Ridge\nfrom hive import Preprocessor\n\n"
        "preprocessor = Preprocessor()\npreprocessor.fit(bees)\nmodel = Ridge()\nmodel.fit(bees, honey)\n"
    )
    work = make_tree({"train.py": code}).derive(AiWork.distil)
    assert work is not None
    assert [(clue.where.line, clue.where.note) for clue in work.evidence if clue.kind == "training"] == [
        (7, "sklearn: model.fit()")
    ]
    network = "import keras\n\nautoencoder.fit(bees)\nscaler.fit(bees)\n"
    assert [clue.where.line for clue in read({"a.py": network}).evidence if clue.kind == "training"] == [3]
