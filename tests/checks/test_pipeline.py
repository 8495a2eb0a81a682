"""The pipeline checks, asked as an audit would ask them."""

from typing import Any

import pytest

from portfolio_audit.testing import run_check
from tests.facts.pipeline_samples import CLEAN, DVC_FILES, EVALUATE, INGEST, MAIN, PREFECT, SCRIPTS, TRAIN

LIBRARY = {
    "pyproject.toml": '[project]\nname = "beeflow"\n',
    "README.md": "    pip install beeflow\n",
    "beeflow/flow.py": PREFECT,
    "beeflow/train.py": TRAIN,
}
CHAIN = {"src/data_ingestion.py": INGEST, "src/data_cleaning.py": CLEAN, "src/model_trainer.py": TRAIN}
GAP = {
    "clean.py": CLEAN + MAIN.format("clean('a', 'b')"),
    "train.py": TRAIN + MAIN.format("train('b')"),
    "evaluate.py": EVALUATE,
}
ONE = {"train_model.py": INGEST + CLEAN + TRAIN}
CHAT = {"app.py": "import openai\nopenai.OpenAI().responses.create(input='bees')\n"}
IDS = ("pipeline-stages", "pipeline-orchestrated", "pipeline-tracked")


@pytest.mark.parametrize(
    ("files", "stages", "orchestrated", "tracked"),
    [
        ({"flow.py": PREFECT}, "passed", "passed", "failed"),
        ({**DVC_FILES, "src/fit.py": "import mlflow\nmlflow.autolog()\n" + TRAIN}, "passed", "passed", "passed"),
        ({path: text for path, text in DVC_FILES.items() if "tidy" not in path}, "partial", "partial", "failed"),
        (SCRIPTS, "passed", "failed", "failed"),
        (
            {**SCRIPTS, "run.sh": "python 01_ingest.py\npython 02_clean.py\npython 03_train.py\n"},
            "passed",
            "partial",
            "failed",
        ),
        (CHAIN, "partial", "failed", "failed"),
        (GAP, "partial", "failed", "failed"),
        (ONE, "failed", "not_applicable", "not_applicable"),
        (CHAT, "not_applicable", "not_applicable", "not_applicable"),
        (LIBRARY, "not_applicable", "not_applicable", "not_applicable"),
        ({"shop.js": "const total = 1\n"}, "not_applicable", "not_applicable", "not_applicable"),
        (None, "unknown", "unknown", "unknown"),
    ],
)
def test_what_each_check_says(files: Any, stages: Any, orchestrated: Any, tracked: Any) -> None:
    assert tuple(run_check(id, files).status for id in IDS) == (stages, orchestrated, tracked)


def test_each_stage_is_shown_with_its_line() -> None:
    outcome = run_check("pipeline-stages", DVC_FILES)
    assert [(one.path, one.line, one.note) for one in outcome.evidence] == [
        ("dvc.yaml", 2, "ingest"),
        ("dvc.yaml", 5, "clean or prepare"),
        ("dvc.yaml", 8, "train"),
    ]


def test_a_gap_is_named_and_the_fix_fills_it() -> None:
    outcome = run_check("pipeline-stages", GAP)
    assert outcome.score == 0.5
    assert "bringing in the raw data" in outcome.summary
    assert "bringing in the raw data" in (outcome.fix or "")


def test_a_definition_that_names_a_script_that_is_not_there_is_told_so() -> None:
    files = {path: text for path, text in DVC_FILES.items() if "tidy" not in path}
    for id in ("pipeline-stages", "pipeline-orchestrated"):
        outcome = run_check(id, files)
        assert "dvc.yaml names a step that does nothing when it is started: tidy.py is not in the repository" in (
            outcome.summary
        )
        assert ("dvc.yaml", 5) in [(one.path, one.line) for one in outcome.evidence]
        assert outcome.fix == "Correct the paths in dvc.yaml."


def test_each_reason_why_steps_do_nothing_is_named_once_and_mended() -> None:
    idle = {path: text.partition("\nif __name__")[0] + "\n" for path, text in DVC_FILES.items()}
    for id in ("pipeline-stages", "pipeline-orchestrated"):
        outcome = run_check(id, {path: text for path, text in idle.items() if "tidy" not in path})
        said = "get.py only defines functions and classes, and calls none; tidy.py is not in the repository"
        assert outcome.summary.endswith(f"names steps that do nothing when they are started: {said}")
        assert {"get.py", "tidy.py"} <= {one.note.partition(" ")[0] for one in outcome.evidence}
        assert outcome.fix == "Correct the paths in dvc.yaml, and let each script call its step when it is started."
        alone = run_check(id, {**DVC_FILES, "src/get.py": idle["src/get.py"]})
        assert alone.fix == "Let each script call its step when it is started."


def test_a_chat_is_told_what_was_not_counted() -> None:
    said = run_check("pipeline-stages", CHAT).summary
    assert said == (
        "no training and no pipeline of data was told apart here; "
        "texts that a language model looks things up in are not counted"
    )
    assert run_check("pipeline-stages", {"shop.js": "const total = 1\n"}).summary.endswith("told apart here")


def test_an_absence_says_what_was_searched_and_accuses_nobody() -> None:
    outcome = run_check("pipeline-stages", ONE)
    assert "no chain of separate steps was recognised" in outcome.summary
    assert "Makefiles" in (outcome.searched or "")
    assert outcome.fix


@pytest.mark.parametrize("id", IDS)
def test_unread_code_accuses_nobody(id: Any) -> None:
    assert run_check(id, ONE, unread={"clean.py": "too large"}).status == "unknown"


def test_half_a_pipeline_beside_unread_code_is_certain_by_half() -> None:
    outcome = run_check("pipeline-stages", GAP, unread={"ingest.py": "too large"})
    assert (outcome.status, outcome.at_least) == ("unknown", 0.5)


def test_a_tracker_found_stands_whatever_else_could_not_be_read() -> None:
    files = {**SCRIPTS, "04_log.py": "import wandb\nwandb.init()\n"}
    assert run_check("pipeline-tracked", files, unread={"more.py": "too large"}).status == "passed"


@pytest.mark.parametrize("id", IDS)
def test_words_about_a_pipeline_pass_nothing(id: Any) -> None:
    files = {
        "README.md": "# Hives\n\nAirflow, DVC, MLflow: ingest, clean, train.\n",
        "requirements.txt": "dvc\nmlflow\n",
    }
    assert run_check(id, files).status in ("not_applicable", "failed")


@pytest.mark.parametrize("id", IDS)
def test_hostile_files_end(id: Any) -> None:
    files = {
        "dvc.yaml": "a: &a [1]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(2_000)),
        "Snakefile": "rule " * 30_000,
        "Makefile": "x: " * 30_000 + "\n\tpython " + "a/" * 30_000 + "b.py\n",
        "flow.py": "@" * 30_000 + "\nfrom prefect import flow\n" + "task_id='" * 10_000,
    }
    assert run_check(id, files).status in ("unknown", "not_applicable", "failed")


def test_steps_in_a_language_that_is_not_read_are_unknown() -> None:
    main = "#include <torch/torch.h>\n\nint main() {\n  torch::nn::Linear layer(4, 2);\n  layer->train();\n}\n"
    files = {"CMakeLists.txt": "find_package(Torch REQUIRED)\n", "src/train.cpp": main * 20}
    outcome = run_check("pipeline-stages", files)
    assert outcome.status in ("unknown", "not_applicable")


def test_committed_runs_without_a_measure_are_told_and_pass_nothing() -> None:
    runs = {f"mlruns/0/{run}/meta.yaml": "run_id: a\n" for run in ("0a", "0b")}
    outcome = run_check("pipeline-tracked", {**SCRIPTS, **runs})
    assert outcome.status == "failed"
    assert outcome.summary.startswith("2 MLflow runs are committed, none with a metric or parameter; no use of")
    assert outcome.evidence[0].path == "mlruns/0/0a/meta.yaml"
    assert "committed" not in run_check("pipeline-tracked", SCRIPTS).summary


IN_ONE_GO = {
    "main.py": "from hive.data import Cleaner, cold_start\nfrom hive.model import Keeper\n\nrows = cold_start()\n"
    "cleaner = Cleaner()\nrows = cleaner.fit_transform(rows)\nkeeper = Keeper(rows)\nkeeper.train_best()\n",
    "hive/data.py": "import pandas as pd\n\n\ndef cold_start():\n    return pd.read_sql('select 1', URL)\n\n\n"
    "class Cleaner:\n    def fit_transform(self, rows):\n        return rows\n",
    "hive/model.py": "from sklearn.linear_model import Ridge\n\n\nclass Keeper:\n    def train_best(self):\n"
    "        return Ridge().fit(1, 2)\n",
}


def test_a_script_that_does_all_in_one_go_is_told_so() -> None:
    outcome = run_check("pipeline-stages", IN_ONE_GO)
    assert outcome.status == "failed"
    assert outcome.summary == (
        "main.py seems to do reading, preparing and training in one go; separate steps were not recognised"
    )
    assert [(one.path, one.line, one.note) for one in outcome.evidence] == [
        ("main.py", 4, "reading"),
        ("main.py", 6, "preparing"),
        ("main.py", 8, "training"),
    ]
    assert (outcome.fix or "").startswith("Cut main.py into scripts (bring in, clean, ")


def test_both_ends_of_a_queue_are_started_side_by_side_and_keep_no_order() -> None:
    send = "import requests\nfrom kafka import KafkaProducer\n\nKafkaProducer().send('a', requests.get('u').json())\n"
    keep = "from kafka import KafkaConsumer\n\nfor row in KafkaConsumer('a'):\n    db.insert_one(row)\n"
    both = {"producer.py": send, "consumer.py": keep}
    outcome = run_check("pipeline-stages", both)
    assert (outcome.status, (outcome.fix or "")[:42]) == ("partial", "Take apart what stands behind the queue: o")
    assert run_check("pipeline-orchestrated", both).status == "not_applicable"


def test_views_that_sum_up_what_a_queue_filled_are_its_third_step_and_shown_as_such() -> None:
    send = "import requests\nfrom kafka import KafkaProducer\n\nKafkaProducer().send('a', requests.get('u').json())\n"
    keep = (
        "from kafka import KafkaConsumer\n\n\ndef validate(row):\n    return row\n\n\n"
        "for row in KafkaConsumer('a'):\n    db.insert_rows(validate(row))\n"
    )
    views = "CREATE VIEW app.daily AS\nSELECT day, AVG(weight) FROM app.hives GROUP BY day;\n"
    files = {"producer.py": send, "consumer.py": keep, "sql/views.sql": views}
    outcome = run_check("pipeline-stages", files)
    assert outcome.status == "passed"
    assert [(each.path, each.note) for each in outcome.evidence] == [
        ("producer.py", "ingest"),
        ("consumer.py", "clean or prepare"),
        ("sql/views.sql", "warehouse"),
    ]
    assert run_check("pipeline-orchestrated", files).status == "not_applicable"


def test_one_step_by_itself_is_named_and_a_tool_without_steps_is_too() -> None:
    outcome = run_check("pipeline-stages", ONE)
    assert outcome.summary.endswith("makes a result of them; named like a step: train_model.py")
    assert outcome.evidence[0].path == "train_model.py"
    flow = "from airflow import DAG\n\nwith DAG('hives') as dag:\n    pass\n"
    said = run_check("pipeline-orchestrated", {**ONE, "dags/hives.py": flow}).summary
    assert said == "no chain of steps of a pipeline was recognised; Airflow is used"


def test_scripts_that_are_a_pipeline_without_the_queue_beside_them_have_an_order() -> None:
    send = "import requests\nfrom kafka import KafkaProducer\n\nKafkaProducer().send('a', requests.get('u').json())\n"
    keep = "from kafka import KafkaConsumer\n\nfor row in KafkaConsumer('a'):\n    db.insert_one(row)\n"
    files = {**SCRIPTS, "live/producer.py": send, "live/consumer.py": keep}
    assert run_check("pipeline-stages", files).status == "passed"
    assert run_check("pipeline-orchestrated", files).status == "failed"
