"""Experiment tracking is a call, a logger or a recorded run, never a word or a requirement."""

import json
from typing import Any

import pytest

from portfolio_audit.facts.tracking import Tracking
from portfolio_audit.testing import make_tree


def tools(files: Any, **options: Any) -> Any:
    found = Tracking.distil(make_tree(files, **options))
    assert found is not None
    return [use.name for use in found.tools]


@pytest.mark.parametrize(
    ("path", "text", "tool"),
    [
        ("a.py", "import mlflow\nwith mlflow.start_run():\n    mlflow.log_metric('r2', 1)\n", "MLflow"),
        ("a.py", "import mlflow.sklearn\nmlflow.sklearn.autolog()\n", "MLflow"),
        (
            "a.py",
            "from mlflow.tracking import MlflowClient\nc = MlflowClient()\nc.log_metric('0', 'r2', 1)\n",
            "MLflow",
        ),
        ("a.py", "import mlflow\nc = mlflow.MlflowClient()\nr = c.create_run('0')\n", "MLflow"),
        ("a.py", "import wandb\nwandb.init(project='hives')\n", "Weights & Biases"),
        ("a.py", "from pytorch_lightning.loggers import WandbLogger\nl = WandbLogger()\n", "Weights & Biases"),
        ("a.py", "a = TrainingArguments(report_to=['wandb'])\n", "Weights & Biases"),
        ("a.py", "from torch.utils.tensorboard import SummaryWriter\nw = SummaryWriter()\n", "TensorBoard"),
        ("a.py", "import tensorflow as tf\nc = tf.keras.callbacks.TensorBoard('logs')\n", "TensorBoard"),
        ("a.py", "from comet_ml import Experiment\ne = Experiment()\n", "Comet"),
        ("a.py", "import neptune\nr = neptune.init_run()\n", "Neptune"),
        ("a.py", "from clearml import Task\nt = Task.init()\n", "ClearML"),
        ("a.py", "from aim import Run\nr = Run()\n", "Aim"),
        ("a.py", "from dvclive import Live\nwith Live() as live:\n    pass\n", "DVCLive"),
        (
            "n.ipynb",
            json.dumps({"cells": [{"cell_type": "code", "source": "import wandb\nwandb.log({})"}]}),
            "Weights & Biases",
        ),
        ("conf/log.yaml", "logger:\n  _target_: lightning.pytorch.loggers.mlflow.MLFlowLogger\n", "MLflow"),
        ("conf/base/mlflow.yml", "server:\n  mlflow_tracking_uri: mlruns\n", "MLflow"),
        ("train.R", "library(mlflow)\nmlflow_log_metric('r2', 1)\n", "MLflow"),
    ],
)
def test_each_use_is_found_with_its_place(path: Any, text: Any, tool: Any) -> None:
    found = Tracking.distil(make_tree({path: text}))
    assert found is not None
    assert [use.name for use in found.tools] == [tool]
    assert found.tools[0].where.path == path


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "Runs are tracked with MLflow and wandb.\n", "a.py": "x = 1\n"},
        {"requirements.txt": "mlflow\nwandb\n", "a.py": "x = 1\n"},
        {"a.py": "import mlflow\nm = mlflow.pyfunc.load_model('models:/hive/1')\n"},
        {"a.py": "import mlflow\nc = mlflow.MlflowClient()\nv = c.search_model_versions('hive')\nc.get_run('0')\n"},
        {"a.py": "import mlflow.sklearn\nmlflow.sklearn.save_model(m, 'hive')\nmlflow.active_run()\n"},
        {"a.py": "from hives import MlflowClient\nMlflowClient().search('hive')\nlog.set_up(1)\n"},
        {"a.py": "import wandb\n"},
        {"conf/base/mlflow.yml": "# tracking:\nserver: none\n", "docker/mlflow.yml": "tracking:\n  server: a\n"},
        {"a.py": "# wandb.init()\nx = 'mlflow.start_run()'\n"},
        {"a.py": "a = TrainingArguments(report_to='none')\n"},
        {"a.py": "import comet\nimport aims\ncomet.start()\n"},
        {"tests/test_a.py": "import mlflow\nmlflow.start_run()\n", "examples/b.py": "import wandb\nwandb.init()\n"},
        {
            "pyproject.toml": '[project]\nname = "beelog"\n',
            "README.md": "    pip install beelog\n",
            "beelog/logger.py": "import wandb\nwandb.init()\n",
        },
    ],
)
def test_words_requirements_and_libraries_track_nothing(files: Any) -> None:
    assert tools(files) == []


def test_unread_code_is_said() -> None:
    found = Tracking.distil(make_tree({"a.py": "x = 1\n"}, unread={"b.py": "too large"}))
    assert found is not None
    assert found.incomplete


def test_a_thousand_uses_are_one() -> None:
    assert tools({"a.py": "T(report_to='wandb')\n" * 20_000}) == ["Weights & Biases"]


@pytest.mark.parametrize("path", ["a.py", "a.yaml", "a.R", "a.ipynb"])
def test_hostile_sources_end(path: Any) -> None:
    assert tools({path: "report_to=" * 30_000 + "_target_: " * 30_000 + "a." * 30_000 + "wandb.init" * 9_000}) == []


@pytest.mark.parametrize("part", ["metrics/r2", "params/depth"])
def test_a_committed_run_counts_if_it_recorded_something(part: str) -> None:
    run = {"mlruns/1/meta.yaml": "experiment_id: 1\n", "mlruns/1/0a1b/meta.yaml": "run_id: 0a1b\n"}
    begun = Tracking.distil(make_tree({"a.py": "x = 1\n", **run, "mlruns/1/0a1b/tags/user": "kim"}))
    assert begun is not None
    assert begun.tools == ()
    found = Tracking.distil(make_tree({"a.py": "x = 1\n", **run, f"mlruns/1/0a1b/{part}": "1 0.9 0\n"}))
    assert found is not None
    assert [(use.name, use.where.path) for use in found.tools] == [("MLflow", "mlruns/1/0a1b/meta.yaml")]


def test_the_line_that_logs_is_shown_before_one_that_registers() -> None:
    registers = "import mlflow\nmlflow.set_experiment('hive')\nmlflow.register_model('runs:/0/m', 'hive')\n"
    found = Tracking.distil(make_tree({"a.py": registers, "b.py": "import mlflow\n\nmlflow.log_param('depth', 3)\n"}))
    assert found is not None
    assert [(use.where.path, use.where.line) for use in found.tools] == [("b.py", 3)]
    assert tools({"a.py": registers}) == ["MLflow"]


def test_runs_that_recorded_nothing_are_counted_and_experiments_are_no_runs() -> None:
    heads = [f"mlruns/{path}/meta.yaml" for path in ("0", "0/0a", "0/0b", "models/hive", "models/hive/version-1")]
    logged = {"a.py": "x = 1\n", "mlruns/0/0b/params/n": "1"}
    found = Tracking.distil(make_tree({**dict.fromkeys(heads, "a: 1\n"), **logged}))
    assert found is not None
    assert found.begun is not None
    assert (found.empty, found.begun.path) == (1, "mlruns/0/0a/meta.yaml")


def test_what_trains_is_shown_before_what_infers() -> None:
    record = "import wandb\n\nwith wandb.init():\n    wandb.log({'a': 1})\n"
    found = Tracking.distil(make_tree({"app/predict.py": record, "fit.py": record + "    model.fit(x, y)\n"}))
    assert [use.where.path for use in found.tools] == ["fit.py"]
