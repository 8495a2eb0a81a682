"""A data pipeline is told by separate steps that run, never by words about one."""

import json
from typing import Any

import pytest

from portfolio_audit.facts.pipeline import Pipeline
from portfolio_audit.facts.pipeline_words import stages_of_name, stages_of_path
from portfolio_audit.testing import make_tree
from tests.facts.pipeline_samples import (
    CLEAN,
    DVC,
    DVC_FILES,
    EVALUATE,
    INGEST,
    MAIN,
    NOTEBOOK,
    PREFECT,
    SCRIPTS,
    SNAKEFILE,
    TRAIN,
    dbt,
)


def read(files: Any, **options: Any) -> Any:
    found = Pipeline.distil(make_tree(files, **options))
    assert found is not None
    return found


def names(found: Any) -> Any:
    return [stage.name for stage in found.stages]


@pytest.mark.parametrize(
    ("files", "tool"),
    [
        (DVC_FILES, "DVC"),
        ({"Snakefile": SNAKEFILE}, "Snakemake"),
        ({"flow.py": PREFECT}, "Prefect"),
        (SCRIPTS, None),
        (
            {
                **SCRIPTS,
                "Makefile": "all:\n\tpython 01_ingest.py\n\tpython 02_clean.py\n\tpython 03_train.py\n",
            },
            "Make",
        ),
        (
            {
                "dags/hives.py": "from airflow import DAG\nfrom airflow.operators.python import PythonOperator\n"
                "with DAG('hives') as dag:\n    a = PythonOperator(task_id='extract', python_callable=f)\n"
                "    b = PythonOperator(task_id='transform', python_callable=g)\n"
                "    c = PythonOperator(task_id='load', python_callable=h)\n"
            },
            "Airflow",
        ),
        (
            {
                "dags/hives.py": "from airflow import DAG\nfrom airflow.providers.x import GCSToBigQueryOperator, Job\n"
                "with DAG('hives') as dag:\n    a = GCSToBigQueryOperator(\n        task_id='hives_of_the_day'\n    )\n"
                "    b = Job(task_id='clean_hives')\n    c = Job(task_id='build_dim_date')\n"
            },
            "Airflow",
        ),
        (
            {
                "assets.py": "import dlt\nfrom dagster import asset\n\n@asset\ndef raw_hives():\n    requests.get(u)\n",
                "load.py": "import dlt\n\n@dlt.resource\ndef hives():\n    yield 1\n",
                **dbt(),
            },
            "dbt",
        ),
        (
            {
                "flow.py": "from metaflow import FlowSpec, step\n\nclass Hives(FlowSpec):\n    @step\n"
                "    def ingest(self):\n        pass\n    @step\n    def clean(self):\n        pass\n"
                "    @step\n    def train(self):\n        pass\n"
            },
            "Metaflow",
        ),
        (
            {
                "_targets.R": "list(\n  tar_target(raw, download.file(url)),\n  tar_target(ingest_hives, get(raw)),\n"
                "  tar_target(clean_hives, tidy(ingest_hives)),\n  tar_target(train_model, fit(clean_hives))\n)\n"
            },
            "targets",
        ),
        (
            {
                "flows/hives.yaml": "id: hives\nnamespace: bees\ntasks:\n  - id: download\n"
                "    type: io.kestra.plugin.core.http.Download\n"
                "  - id: clean\n    type: io.kestra.plugin.scripts.python.Script\n    script: df.dropna()\n"
                "  - id: load_to_bigquery\n    type: io.kestra.plugin.gcp.bigquery.LoadFromGcs\n"
            },
            "Kestra",
        ),
    ],
)
def test_steps_from_raw_data_to_a_result_are_a_pipeline(files: Any, tool: Any) -> None:
    found = read(files)
    assert found.verdict == "yes"
    assert tool in [use.name for use in found.orchestrators] or tool is None
    assert {"ingest", "clean"} <= set(names(found))


@pytest.mark.parametrize(
    "files",
    [
        # A chain inside one process: modules without a step that runs by itself.
        {
            "src/data_ingestion.py": INGEST,
            "src/data_cleaning.py": CLEAN,
            "src/model_trainer.py": TRAIN,
            "app.py": "import streamlit\n",
        },
        # A gap: nothing brings data in.
        {
            "phase1_cleaning.py": CLEAN + "\nclean('a', 'b')\n",
            "phase2_features.py": CLEAN,
            "train.py": TRAIN + "\ntrain('b')\n",
            "evaluate.py": EVALUATE,
        },
        # A tool that runs one stage.
        {"flow.py": "from prefect import flow\n\n@flow\ndef train_model():\n    model.fit(x)\n"},
        # Brought in and cleaned, for people to look at.
        {"scraper.py": INGEST, "clean.py": CLEAN},
    ],
)
def test_stages_with_gaps_or_without_a_runner_are_part_of_one(files: Any) -> None:
    assert read(files).verdict == "partial"


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "# Pipeline\n\nIngest, clean and train with Airflow, DVC and MLflow.\n", "app.py": "print(1)\n"},
        {"requirements.txt": "apache-airflow\nprefect\ndvc\nmlflow\n", "train.py": TRAIN},
        {"Makefile": "test:\n\tpytest\nlint:\n\truff check .\nclean:\n\trm -rf build\n", "train.py": TRAIN},
        {f"{n}_{name}.ipynb": NOTEBOOK for n, name in enumerate(("ingest", "clean", "features", "train"), 1)},
        {"train_model.py": INGEST + CLEAN + TRAIN + EVALUATE},
        {"prepare.py": CLEAN, "train.py": TRAIN},
        {"dvc.yaml": "stages: {}\n"},
        {"tests/test_ingest.py": INGEST, "examples/clean.py": CLEAN, "docs/train.py": TRAIN},
        {"{{ cookiecutter.name }}/dvc.yaml": DVC},
        {"pages/1_Ingest.py": "import streamlit\n" + INGEST, "pages/2_Clean.py": "import streamlit\n" + CLEAN},
        {
            "model/transformer.py": "import torch\nx = torch.nn.Linear(1, 2)\n",
            "train.py": TRAIN,
            "model/embedding.py": TRAIN,
        },
        {"scripts/ingest.py": "import chromadb\n" + INGEST, "scripts/clean.py": CLEAN},
        # A collection of algorithms: their calls look like stages, their names do not.
        {
            "pca.py": "from sklearn.decomposition import PCA\nPCA().fit_transform(x)\n",
            "svm.py": TRAIN + "\ntrain('a')\n",
            "score_card.py": EVALUATE + "\nevaluate(1, 2)\n",
        },
        # Parts of a network and of a web application, called like stages.
        {
            "net/roi_extractor.py": "import torch\nx = torch.nn.Linear(1, 2)\n",
            "net/features.py": "import torch\nx = torch.nn.Linear(1, 2)\n",
            "net/registry.py": "import torch\nx = torch.nn.Linear(1, 2)\n",
            "tools/train.py": TRAIN + "\ntrain('a')\n",
            "tools/evaluate.py": EVALUATE,
        },
        {"alembic/versions/1_clean_ingested.py": CLEAN, "migrations/2_ingest.py": INGEST, "app/views.py": TRAIN},
        {
            "Makefile": "up:\n\tpython daemon.py\n\tpython compute.py\nrun:\n\texport FLASK_APP=serve.py; flask run\n",
            "daemon.py": "import requests\nrequests.get('x')\n",
            "compute.py": TRAIN,
            "serve.py": TRAIN,
        },
        {"models/hives.sqlx": "select 1\n"},
    ],
    ids=lambda files: next(iter(files)),
)
def test_words_tests_notebooks_and_single_scripts_are_none(files: Any) -> None:
    found = read(files)
    assert found.verdict == "no"
    assert found.orchestrators == ()
    assert found.stages == ()


@pytest.mark.parametrize(
    "code",
    [
        "import airflow\n",
        "from prefect import get_run_logger\nlog = get_run_logger()\n",
        "from dagster import AssetKey\nk = AssetKey('x')\n",
        "x = 'dagster.asset'\n# from prefect import flow\n",
        "from kfp_tools import pipeline\n\n@pipeline\ndef train():\n    pass\n",
        "from sklearn.pipeline import Pipeline\np = Pipeline([])\n",
        "from transformers import pipeline\np = pipeline('ner')\n",
    ],
)
def test_an_import_alone_runs_nothing(code: Any) -> None:
    assert read({"jobs.py": code}).orchestrators == ()


def test_a_library_that_integrates_orchestrators_uses_none() -> None:
    found = read(
        {
            "pyproject.toml": '[project]\nname = "beeflow"\n',
            "README.md": "    pip install beeflow\n",
            "beeflow/flow.py": PREFECT,
            "beeflow/ingest.py": INGEST,
        }
    )
    assert (found.library, found.verdict, found.orchestrators) == (True, "no", ())


def test_a_stage_says_where() -> None:
    found = read(DVC_FILES)
    first = found.stages[0]
    assert (first.name, first.places[0].path, first.places[0].line) == ("ingest", "dvc.yaml", 2)


def test_unread_code_leaves_a_no_open_and_a_yes_standing() -> None:
    assert read({"a.py": "x = 1\n"}, unread={"b.py": "too large"}).verdict is None
    assert read(DVC_FILES, unread={"b.py": "too large"}).verdict == "yes"
    assert read({"a.py": "x = 1\n"}, unread={"n.ipynb": "too large"}).verdict == "no"


def test_a_definition_that_cannot_be_read_leaves_it_open() -> None:
    found = read({"dvc.yaml": "stages:\n  a: &a [*a, *a\n", "a.py": "x = 1\n"})
    assert found.verdict is None
    assert found.incomplete


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("01_ingest", ("ingest",)),
        ("DataIngestion", ("ingest",)),
        ("stage_02_data_validation", ("clean",)),
        ("load_housing_data", ("ingest",)),
        ("load_to_bigquery", ("warehouse",)),
        ("load", ("warehouse",)),
        ("step_3_load", ("warehouse",)),
        ("load_model", ()),
        ("load_artifacts", ()),
        ("model_registry", ("registry",)),
        ("pipeline_registry", ()),
        ("extract_features", ("features",)),
        ("split_train_test", ("clean",)),
        ("train_test_split", ("clean",)),
        ("clean_and_train", ("clean", "train")),
        ("model_trainer", ("train",)),
        ("process_hives_to_silver", ("clean",)),
        ("load_silver_to_gold", ("warehouse",)),
        ("fetch_gold", ("ingest",)),
        ("load_group", ("warehouse",)),
        ("get_data_version", ()),
        ("merge_dicts", ()),
        ("get_feature_importance", ()),
        ("upload-hives-dataset", ("ingest",)),
        ("upload_to_gcs", ("warehouse",)),
        ("send_hives_to_cosmos", ("warehouse",)),
        ("data_tranformation", ("clean",)),
        ("post_processing", ()),
        ("constraint", ()),
        ("transformer", ()),
        ("cleanup_cache", ()),
        ("", ()),
    ],
)
def test_a_name_says_its_stage(name: Any, stages: Any) -> None:
    assert stages_of_name(name) == stages


def test_a_common_file_name_is_told_by_its_folder() -> None:
    assert stages_of_path("pipelines/data_ingestion/nodes.py") == ("ingest",)
    assert stages_of_path("main.py") == ()


@pytest.mark.parametrize(
    "name", ["dvc.yaml", "Snakefile", "Makefile", "pipeline.yml", "flow.yaml", "_targets.R", "a.nf", "run.sh"]
)
def test_hostile_definitions_end(name: Any) -> None:
    parts = (
        "stages:\n" * 3_000,
        "rule " * 20_000,
        "rule a:\n" * 20_000,
        "process x {" * 20_000,
        "tar_target(" * 20_000,
    )
    text = "io.kestra. tasks: product: argoproj.io/ kind: Workflow\n" + "".join(parts)[:250_000]
    assert read({name: text, "a.py": "x = 1\n"}).verdict in (None, "no", "partial")
    assert read({name: ("a" * 100 + ".py ") * 1_500 + "\n" + "python -m " * 20_000}).verdict in (None, "no", "partial")


def test_handlers_that_a_cloud_calls_are_steps() -> None:
    handler = "\n\ndef lambda_handler(event, context):\n    {}\n"
    files = {
        "ingestion_lambda.py": INGEST + handler.format("ingest(event)"),
        "processing_lambda.py": CLEAN + handler.format("clean('a', 'b')"),
        "uploading_lambda.py": "import pandas as pd\n" + handler.format("pd.read_csv('b').to_sql('hives', event)"),
    }
    assert read(files).verdict == "yes"


def test_data_that_dvc_imports_are_brought_in() -> None:
    definition = DVC.replace("  ingest:\n    cmd: python src/get.py\n    outs: [raw.csv]\n", "")
    imported = "deps:\n- path: raw.csv\n  repo:\n    url: https://hives.example\n"
    rest = {**DVC_FILES, "dvc.yaml": definition, "src/get.py": "import requests\n"}
    assert read({**rest, "raw.csv.dvc": imported}).verdict == "yes"
    assert read({**rest, "raw.csv.dvc": "outs:\n- path: raw.csv\n"}).verdict == "partial"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"src/tidy.py": None}, "tidy.py is not in the repository"),
        ({"src/tidy.py": CLEAN}, "tidy.py only defines functions and classes, and calls none"),
    ],
)
def test_a_stage_that_does_nothing_when_it_is_started_is_none(changed: Any, reason: Any) -> None:
    found = read({path: text for path, text in {**DVC_FILES, **changed}.items() if text is not None})
    assert (found.verdict, found.broken) == ("yes", True)
    assert [(place.path, place.line, place.note) for place in found.faults] == [("dvc.yaml", 5, reason)]


def test_stages_whose_scripts_are_mostly_gone_are_no_whole_pipeline() -> None:
    gone = {path: text for path, text in DVC_FILES.items() if path not in ("src/get.py", "src/tidy.py")}
    found = read(gone)
    assert found.verdict != "yes"
    assert not found.broken
    assert len(found.faults) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"src/tidy.py": CLEAN + "\n\nclean('raw.csv', 'clean.csv')\n"},
        {"src/tidy.py": None, "lib/tidy.py": CLEAN + MAIN.format("clean('a', 'b')")},
        {"src/tidy.py": None, "dvc.yaml": DVC.replace("python src/tidy.py", "python -m src.tidy")},
        {"src/tidy.py": None, "dvc.yaml": DVC.replace("tidy.py", "${steps.clean}.py")},
    ],
)
def test_a_stage_that_may_start_something_has_no_fault(changed: Any) -> None:
    found = read({path: text for path, text in {**DVC_FILES, **changed}.items() if text is not None})
    assert found.verdict == "yes"
    assert not found.faults


def test_a_script_that_lays_out_files_runs_none_of_them() -> None:
    layout = (
        "import os\n\nfor path in ['src/data_ingestion.py', 'src/data_cleaning.py', 'src/model_trainer.py']:\n"
        "    os.makedirs(os.path.dirname(path), exist_ok=True)\n    with open(path, 'w'):\n        pass\n"
    )
    chain = {"src/data_ingestion.py": INGEST, "src/data_cleaning.py": CLEAN, "src/model_trainer.py": TRAIN}
    found = read({**chain, "template.py": layout})
    assert found.runner is None
    assert all(place.path != "template.py" for stage in found.stages for place in stage.places)
    started = layout.replace("pass", "os.system(f'python {path}')")
    assert read({**chain, "template.py": started}).runner.path == "template.py"


def test_a_folder_that_is_a_title_is_no_stage() -> None:
    files = {f"{{}}/{name}.py": text for name, text in (("portal", INGEST), ("tidy_up", CLEAN), ("fit_model", TRAIN))}
    titled = {path.format("Scraping-hives-and-plotting-their-weights"): text for path, text in files.items()}
    assert "ingest" not in names(read(titled))
    assert "ingest" in names(read({path.format("scraping"): text for path, text in files.items()}))


def test_the_files_searched_are_counted_once_each() -> None:
    assert read({**SCRIPTS, "notes.py": "x = 1\n", "clean.R": "dplyr::filter(x)\n"}).searched == 5


def test_tables_of_a_lakehouse_are_steps_that_the_platform_runs() -> None:
    table = "from pyspark import pipelines as dp\n\n\n@dp.{}(name='hives')\ndef hives():\n    return spark.table('x')\n"
    found = read(
        {
            "transformations/bronze/hives.py": table.format("table"),
            "transformations/silver/hives.py": table.format("view"),
            "transformations/gold/dim_hives.py": table.format("materialized_view"),
        }
    )
    assert found.verdict == "yes"
    assert names(found) == ["ingest", "clean", "warehouse"]
    assert [use.name for use in found.orchestrators] == ["Delta Live Tables"]


@pytest.mark.parametrize("name", ["run.sh", ".github/workflows/weekly.yml", "run_all.py"])
def test_what_runs_the_steps_is_named(name: Any) -> None:
    text = "python 01_ingest.py\npython 02_clean.py\npython 03_train.py\n"
    if name.endswith(".py"):
        steps = "('01_ingest.py', '02_clean.py', '03_train.py')"
        text = (
            f"import subprocess\n\n\ndef main():\n    for step in {steps}:\n        subprocess.run(step)\n\n\nmain()\n"
        )
    found = read({**SCRIPTS, name: text})
    assert found.runner is not None
    assert found.runner.path == name
    assert read(SCRIPTS).runner is None


def test_a_huge_file_of_steps_ends() -> None:
    steps = "@task\ndef clean_{0}(x):\n    return x.dropna().fillna(0)\n\n\n"
    text = "from prefect import flow, task\n" + "".join(steps.format(number) for number in range(8_000))
    assert read({"flow.py": text, "plain.py": text.replace("@task\n", "")}).verdict == "partial"
    assert read({f"d{number}/dbt_project.yml": "name: x\n" for number in range(2_000)}).verdict == "no"


def test_a_chain_in_one_file_called_so_is_part_of_a_pipeline() -> None:
    functions = "".join(
        f"def {name}(x):\n    return x\n\n\n" for name in ("_fetch_hives", "_normalise_row", "_upsert_hive")
    )
    found = read({"etl/hive_etl.py": "import pandas as pd\n\n\n" + functions + "pd.read_csv('a')\n"})
    assert (found.verdict, names(found)) == ("partial", ["ingest", "clean", "warehouse"])
    assert found.stages[0].places[0].line == 4
    assert read({"hive.py": "import pandas as pd\n\n\n" + functions}).verdict == "no"


def test_a_file_is_told_by_a_near_folder() -> None:
    scraper = INGEST.replace("ingest", "portal")
    assert read({"scrapers/portal/client.py": scraper, "transform.py": CLEAN}).verdict == "partial"
    assert read({"scrapers/a/b/c/client.py": scraper, "transform.py": CLEAN}).verdict == "no"


def test_a_flow_defined_in_a_notebook_is_one() -> None:
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": PREFECT}]})
    found = read({"flow.ipynb": notebook})
    assert (found.verdict, [use.name for use in found.orchestrators]) == ("yes", ["Prefect"])
    assert "cell 1" in found.orchestrators[0].where.note


def test_what_is_fitted_on_a_screen_trains_nothing() -> None:
    panel = "from rich.panel import Panel\n\nPanel.fit('weekly run')\n"
    chain = {"scraper.py": INGEST, "clean.py": CLEAN, "schedule.py": panel}
    assert names(read(chain)) == ["ingest", "clean"]


def test_a_bare_load_before_training_brings_the_data_in() -> None:
    stages = "stages:\n" + "".join(f"  {name}:\n    cmd: python {name}.py\n" for name in ("load", "prepare", "train"))
    scripts = {f"{name}.py": "main()\n" for name in ("load", "prepare", "train")}
    found = read({"dvc.yaml": stages, **scripts})
    assert (found.verdict, names(found)) == ("yes", ["ingest", "clean", "train"])


def test_moving_a_script_is_not_running_it() -> None:
    own = {f"{name}.py": "import pandas as pd\npd.read_csv('a')\n" for name in ("ingest", "clean", "train")}
    moved = "".join(f"sudo mv {name} /srv/app\nchmod +x {name}\n" for name in own)
    found = read({**own, "setup.sh": moved})
    assert all(place.path != "setup.sh" for stage in found.stages for place in stage.places)


def test_a_script_that_fetches_and_writes_a_file_brings_data_in() -> None:
    guard = "if __name__ == '__main__':\n    main()\n"
    found = read(
        {
            "download_data.py": f"import requests\nr = requests.get(u)\nopen('a', 'wb').write(r.content)\n{guard}",
            "process_data.py": f"import pandas as pd\npd.read_csv('a').dropna().to_csv('b')\n{guard}",
            "train.py": f"from sklearn.svm import SVC\nSVC().fit(x, y)\n{guard}",
        }
    )
    assert found.verdict == "yes"


def test_what_calls_alone_make_look_like_stages_is_no_pipeline() -> None:
    guard = "if __name__ == '__main__':\n    main()\n"
    found = read(
        {
            "audit_leaks.py": f"from datasets import load_dataset\nload_dataset('x').to_csv('a')\n{guard}",
            "audit_rows.py": f"import pandas as pd\npd.read_csv('a').dropna().to_csv('b')\n{guard}",
            "heat_map.py": f"import torch\nscore.backward()\n{guard}",
        }
    )
    assert found.verdict == "no"


def test_scripts_in_r_that_touch_no_file_are_no_steps() -> None:
    demo = {f"{name}.R": "library(mlr3)\ndata <- iris\n" for name in ("Feature_Selection", "Imputation", "Train")}
    assert read(demo).verdict == "no"
