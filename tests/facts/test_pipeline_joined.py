"""Steps that stand apart from what joins them: tasks of another module, both ends of a queue, modules of one run."""

from typing import Any

import pytest

from portfolio_audit.facts.pipeline import Pipeline
from portfolio_audit.testing import make_tree

TASKS = (
    "import requests\nfrom airflow.decorators import task\n\n"
    "@task\ndef get_hives():\n    return requests.get('u').json()\n\n"
    "@task\ndef clean_hives(rows):\n    return rows\n\n@task\ndef load_to_db(rows):\n    pass\n"
)
DAG = (
    "from airflow import DAG\nfrom steps.hives import {names}\n\nwith DAG('hives') as dag:\n"
    "    load_to_db(clean_hives(get_hives()))\n"
)
PRODUCER = (
    "import requests\nfrom kafka import KafkaProducer\n\nproducer = KafkaProducer()\n"
    "while True:\n    producer.send('hives', requests.get('https://hives.example').json())\n"
)
CONSUMER = (
    "from kafka import KafkaConsumer\n\n\ndef validate(row):\n    return 'hive' in row\n\n\n"
    "for row in KafkaConsumer('hives'):\n    if validate(row.value):\n        client.insert_rows_json('hives', [row])\n"
)


def read(files: Any) -> Any:
    found = Pipeline.distil(make_tree(files))
    assert found is not None
    return found


def names(found: Any) -> Any:
    return [stage.name for stage in found.stages]


def test_tasks_of_another_module_are_steps_of_the_flow_that_calls_them() -> None:
    found = read(
        {"dags/hives.py": DAG.format(names="clean_hives, get_hives, load_to_db"), "dags/steps/hives.py": TASKS}
    )
    assert (found.verdict, names(found)) == ("yes", ["ingest", "clean", "warehouse"])
    assert found.stages[0].places[0].path == "dags/steps/hives.py"


def test_tasks_that_no_flow_calls_are_none() -> None:
    idle = "from airflow import DAG\n\nwith DAG('hives') as dag:\n    pass\n"
    found = read({"dags/hives.py": idle, "dags/steps/hives.py": TASKS})
    assert (found.verdict, found.stages) == ("no", ())


def test_a_task_whose_name_says_nothing_is_what_its_function_does() -> None:
    flow = (
        "import requests\nfrom airflow import DAG\nfrom airflow.operators.python import PythonOperator\n\n\n"
        "def first():\n    return requests.get('https://hives.example')\n\n\ndef second():\n    rows.dropna()\n\n\n"
        "def third():\n    rows.to_sql('hives', engine)\n\n\nwith DAG('hives') as dag:\n"
        "    a = PythonOperator(task_id='a', python_callable=first)\n"
        "    b = PythonOperator(python_callable=second, task_id='b')\n"
        "    c = PythonOperator(\n        task_id='train_hives',\n        python_callable=third,\n    )\n"
    )
    assert names(read({"dags/hives.py": flow})) == ["ingest", "clean", "train"]


@pytest.mark.parametrize(
    ("consumer", "stages"),
    [
        (CONSUMER, ["ingest", "clean", "warehouse"]),
        (CONSUMER.replace("validate", "known"), ["ingest", "warehouse"]),
        (
            "from pyspark.sql import SparkSession\n\nrows = spark.readStream.format('kafka').load()\n"
            "rows.withColumn('a', b)\n",
            ["ingest", "clean"],
        ),
    ],
)
def test_both_ends_of_a_queue_are_separate_steps(consumer: Any, stages: Any) -> None:
    found = read({"producer/producer.py": PRODUCER, "consumer/consumer.py": consumer})
    assert (found.verdict, names(found)) == ("partial", stages)


@pytest.mark.parametrize(
    "files",
    [
        {"producer.py": PRODUCER},
        {"consumer.py": CONSUMER},
        {"producer.py": PRODUCER, "consumer.py": "from kafka import KafkaConsumer\n\nprint(*KafkaConsumer('hives'))\n"},
        {"producer.py": "from kafka import KafkaProducer\n\nKafkaProducer().send('a', 1)\n", "consumer.py": CONSUMER},
        {"producer.py": PRODUCER, "consumer.py": "from fastapi import FastAPI\n" + CONSUMER},
        {
            "producer.py": "Producer = Consumer = print\nProducer(open('a'))\n",
            "consumer.py": "Consumer('a').execute(1)\n",
        },
    ],
)
def test_one_end_of_a_queue_or_the_messages_of_a_service_are_no_pipeline(files: Any) -> None:
    assert read(files).verdict == "no"


RUN = "import hive.steps\nfrom hive.model import Keeper, fit_all as fitted\nfrom sklearn.linear_model import Ridge\n\n"
MODULES = {
    "hive/steps.py": "def load_data():\n    return open('a')\n\n\ndef first(rows):\n    return rows.dropna()\n",
    "hive/model.py": "class Keeper:\n    def evaluate(self):\n        pass\n\n\ndef fit_all(rows):\n    pass\n",
}


@pytest.mark.parametrize(
    ("lines", "stages"),
    [
        ("rows = hive.steps.load_data()\nfitted(rows)\n", ["ingest", "train"]),
        ("rows = hive.steps.first(rows)\nk = Keeper()\nfitted(rows)\nk.evaluate()\n", ["clean", "train", "evaluate"]),
        ("with Keeper() as k:\n    k.evaluate()\nhive.steps.load_data()\nfitted(1)\n", ["ingest", "train", "evaluate"]),
        ("rows = hive.steps.load_data()\nRidge().fit(rows)\n", []),
        ("fitted(1)\n", []),
        ("import streamlit\nrows = hive.steps.load_data()\nfitted(rows)\n", []),
        ("def go():\n    fitted(hive.steps.load_data())\n", []),
    ],
)
def test_what_one_script_calls_of_own_modules_is_told_and_is_no_pipeline(lines: Any, stages: Any) -> None:
    found = read({**MODULES, "go.py": RUN + lines})
    assert (found.verdict, found.stages) == ("no", ())
    assert [stage.name for stage in found.together] == stages
    assert {place.path for stage in found.together for place in stage.places} <= {"go.py"}


@pytest.mark.parametrize("line", ["x = " * 60_000, "with B(" * 30_000 + ") as x", "a" * 200_000, "x: " * 60_000])
def test_hostile_scripts_end(line: Any) -> None:
    assert read({**MODULES, "go.py": f"{RUN}fitted(hive.steps.load_data())\n{line}\n"}).verdict != "yes"
