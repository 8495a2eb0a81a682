"""Pipelines that SQL models, jobs, state machines and catalogues define."""

import json
from typing import Any

import pytest

from portfolio_audit.facts.pipeline import Pipeline
from portfolio_audit.testing import make_tree
from tests.facts.pipeline_samples import CLEAN, DVC, DVC_FILES, INGEST, MAIN, TRAIN, dbt

SQLMESH = {
    "models/raw_hives.sql": "MODEL (\n  name raw.hives,\n  kind SEED (path '../seeds/hives.csv')\n);\n",
    "models/staging_hives.sql": "-- tidy\nMODEL (\n  name staging.hives,\n  kind VIEW\n);\nSELECT * FROM raw.hives\n",
    "models/dim_hives.sql": "MODEL (\n  name bees.dim_hives,\n  kind FULL\n);\nSELECT * FROM staging.hives\n",
}
MELTANO = "plugins:\n  extractors:\n  - name: tap-hives\n  loaders:\n  - name: target-duckdb\n"
JOBS = (
    "resources:\n  jobs:\n    hives:\n      tasks:\n"
    "      - task_key: land\n        spark_python_task:\n          python_file: ../src/bronze/land.py\n"
    "      - task_key: silver_hives\n        notebook_task:\n          notebook_path: ../src/hives\n"
    "      - task_key: last\n        spark_python_task:\n          python_file: ../src/gold/dim_hives.py\n"
)
KEDRO_PIPELINE = (
    "from kedro.pipeline import node, pipeline\n\n\ndef create_pipeline():\n    return pipeline([\n"
    "        node(func=preprocess_hives, inputs='hives', outputs='tidy', name='preprocess_hives'),\n"
    "        node(func=train_model, inputs='tidy', outputs='model', name='train_model'),\n    ])\n"
)
KEDRO_NODES = (
    "def preprocess_hives(hives):\n    return hives.dropna()\n\n\ndef train_model(tidy):\n    return m.fit(tidy)\n"
)


def states(**tasks: str) -> str:
    made = {name: {"Type": "Task", "Resource": f"arn:aws:states:::{resource}"} for name, resource in tasks.items()}
    return json.dumps({"StartAt": next(iter(tasks), ""), "States": made}, indent=1)


def read(files: dict[str, str]) -> Pipeline:
    return Pipeline.distil(make_tree(files))


def names(found: Pipeline) -> list[str]:
    return [stage.name for stage in found.stages]


@pytest.mark.parametrize(
    ("files", "tool"),
    [
        (SQLMESH, "SQLMesh"),
        ({"el/meltano.yml": MELTANO, **dbt()}, "Meltano"),
        ({"databricks.yml": "bundle:\n  name: bees\n", "resources/hives.yml": JOBS}, "Databricks jobs"),
        (
            {
                "machine.json": states(
                    Crawl="aws-sdk:glue:startCrawler", Tidy="glue:startJobRun.sync", Fit="sagemaker:createTrainingJob"
                )
            },
            "AWS Step Functions",
        ),
        (
            {
                "conf/base/catalog.yml": "hives:\n  type: pandas.CSVDataset\n  filepath: data/01_raw/hives.csv\n",
                "src/bees/pipelines/hives/pipeline.py": KEDRO_PIPELINE,
                "src/bees/pipelines/hives/nodes.py": KEDRO_NODES,
            },
            "Kedro",
        ),
    ],
)
def test_each_definition_is_a_pipeline(files: dict[str, str], tool: str) -> None:
    found = read(files)
    assert found.verdict == "yes"
    assert {"ingest", "clean"} <= set(names(found))
    assert tool in [use.name for use in found.orchestrators]


@pytest.mark.parametrize(
    "files",
    [
        {"models/hives.sql": "-- MODEL (\nCREATE TABLE hives (id int);\n"},
        {"models/seed_model.sql": "MODEL (\n  name sqlmesh_example.seed_model,\n  kind SEED (path 'x.csv')\n);\n"},
        {
            "dbt_project.yml": "name: bees\n",
            "models/example/my_first_dbt_model.sql": "select 1 as id\n",
            "models/example/my_second_dbt_model.sql": "select * from {{ ref('my_first_dbt_model') }}\n",
        },
        {"meltano.yml": "plugins:\n  utilities:\n  - name: superset\n"},
        {"answers.json": json.dumps({"StartAt": "here", "States": ["one", "two"]})},
        {"jobs.yml": "jobs:\n  - task_key: ingest\n    tasks: none\n"},
    ],
)
def test_what_only_looks_like_one_or_was_written_by_the_tool_is_none(files: dict[str, str]) -> None:
    found = read(files)
    assert (found.verdict, found.orchestrators) == ("no", ())


def test_the_sample_blocks_of_mage_are_no_pipeline() -> None:
    block = "from mage_ai.data_preparation.decorators import {0}\n\n\n@{0}\ndef {1}(*args):\n    return x\n"
    sample = {
        "bees/data_loaders/load_titanic.py": block.format("data_loader", "load_data_from_api"),
        "bees/transformers/fill_in_missing_values.py": block.format("transformer", "transform_df"),
        "bees/data_exporters/export_titanic_clean.py": block.format("data_exporter", "export_data_to_file"),
    }
    found = read(sample)
    assert (found.verdict, found.orchestrators) == ("no", ())
    own = {path.replace("titanic", "hives").replace("missing_values", "hives"): text for path, text in sample.items()}
    assert read({**sample, **own}).verdict == "yes"


def test_tables_of_all_layers_in_one_file_are_told_by_their_names() -> None:
    table = "@dlt.table\ndef {}():\n    return spark.table('x')\n\n\n"
    text = "import dlt\n\n\n" + "".join(map(table.format, ("bronze_hives", "silver_hives", "gold_hives")))
    found = read({"hives.py": text})
    assert (found.verdict, names(found)) == ("yes", ["ingest", "clean", "warehouse"])


def test_data_that_a_step_simulates_are_brought_in() -> None:
    names_of = ("simulate_new_data", "preprocess_data", "train_model")
    tasks = "".join(f"    {name} = PythonOperator(task_id='{name}', python_callable=f)\n" for name in names_of)
    dag = "from airflow import DAG\nfrom airflow.operators.python import PythonOperator\nwith DAG('hives') as dag:\n"
    found = read({"dags/hives.py": dag + tasks})
    assert (found.verdict, names(found)) == ("yes", ["ingest", "clean", "train"])


def test_preparing_a_base_model_cleans_no_data() -> None:
    stages = ("data_ingestion", "prepare_base_model", "training", "evaluation")
    text = "stages:\n" + "".join(f"  {name}:\n    cmd: python stage_{name}.py\n" for name in stages)
    scripts = {f"stage_{name}.py": "main()\n" for name in stages}
    found = read({"dvc.yaml": text, **scripts})
    assert (found.verdict, names(found)) == ("yes", ["ingest", "train", "evaluate"])
    shorter = text.replace("  prepare_base_model:\n    cmd: python stage_prepare_base_model.py\n", "")
    assert read({"dvc.yaml": shorter, **scripts}).verdict == "partial"


def test_one_script_that_brings_data_in_and_one_that_trains_are_a_pipeline_with_a_gap() -> None:
    fetch = INGEST + MAIN.format("ingest('https://hives.example/api')")
    fit = TRAIN + MAIN.format("train('raw.csv')")
    found = read({"make_dataset.py": fetch, "train.py": fit})
    assert (found.verdict, names(found), found.lacks()) == (
        "partial",
        ["ingest", "train"],
        ("cleaning or transforming them",),
    )
    assert read({"make_dataset/pictures.py": fetch, "train.py": fit}).verdict == "no"
    assert read({"make_dataset.py": INGEST, "train.py": fit}).verdict == "no"


def test_a_state_machine_among_descriptions_of_a_cloud_runs_the_steps() -> None:
    stack = "from aws_cdk import Stack, aws_stepfunctions as sfn\n\n\nclass Bees(Stack):\n    def __init__(self):\n"
    machine = "        sfn.StateMachine(self, 'Weekly', definition=steps)\n"
    found = read({"infra/stacks/bees.py": stack + machine})
    assert [(use.name, use.where.line) for use in found.orchestrators] == [("AWS Step Functions", 6)]
    assert read({"infra/stacks/bees.py": stack + "        pass\n"}).orchestrators == ()
    assert read({"tests/infra/bees.py": stack + machine}).orchestrators == ()
    flow = "import aws_cdk\nfrom prefect import flow\n\n\n@flow\ndef weekly():\n    pass\n"
    assert read({"infra/flow.py": flow}).orchestrators == ()


def test_a_catalogue_without_raw_data_brings_none_in() -> None:
    catalogue = "hives:\n  type: pandas.CSVDataset\n  filepath: data/02_intermediate/draws.csv\n"
    files = {
        "conf/base/catalog.yml": catalogue,
        "src/bees/pipelines/hives/pipeline.py": KEDRO_PIPELINE,
        "src/bees/pipelines/hives/nodes.py": KEDRO_NODES,
    }
    assert read(files).verdict == "partial"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("machine.json", '{"StartAt": "a", "States": ' + "[" * 4_000 + "]" * 4_000 + "}"),
        ("machine.json", '{"StartAt": "a", "States": {"a": {"Type": "Task", "Parameters": [1]}, "b": 7}}'),
        ("resources/hives.yml", "tasks: &a\n  task_key: *a\n"),
        ("resources/hives.yml", "resources:\n  jobs:\n    a:\n      tasks:\n      - task_key:\n      - 7\n"),
        ("meltano.yml", "plugins:\n  extractors: 7\n  loaders:\n  - [1]\n"),
        ("models/a.sql", "MODEL (" + " " * 60_000),
        ("conf/catalog.yml", "a:\n  filepath: " + "x" * 60_000),
    ],
)
def test_hostile_definitions_end(path: str, text: str) -> None:
    found = read({path: text, **DVC_FILES, "dvc.yaml": DVC, "src/tidy.py": CLEAN + MAIN.format("clean('a', 'b')")})
    assert found.verdict == "yes"


def test_many_files_that_may_be_definitions_hide_none() -> None:
    plain: dict[str, Any] = {f"a/{number}.sql": "SELECT 1;\n" for number in range(400)}
    plain |= {f"a/{number}.json": "{}" for number in range(400)}
    assert read({**plain, **DVC_FILES}).verdict == "yes"
