"""Stages that are told by more than a name: what a file reads, whom it asks, what a class or tool does with data."""

from typing import Any

import pytest

from portfolio_audit.facts.pipeline import Pipeline
from portfolio_audit.facts.pipeline_words import stages_of_name
from portfolio_audit.testing import make_tree
from tests.facts.pipeline_samples import CLEAN, EVALUATE, INGEST, MAIN, TRAIN

LOADER = "import pandas as pd\n\n\nclass Loader:\n    def hives(self):\n        return pd.read_csv('hives.csv')\n"
FEEDER = "from torch.utils.data import DataLoader\n" + LOADER
FETCH = "library(jsonlite)\nhives <- fromJSON('https://hives.example')\n"
TIDY = "hives <- subset(hives, weight > 0)\nsave(hives, file = 'hives.RData')\n"
STORE = (
    "from google.cloud import bigquery\n\n\n"
    "def upload(rows):\n    bigquery.Client().load_table_from_dataframe(rows, 'hives')\n"
)
SHOW = "def upload(rows):\n    print(rows)\n"
JOIN = "from fetch_hives import ingest\nfrom upload_hives import upload\n\nupload(ingest('https://hives.example'))\n"
ETL = (
    "import pandas as pd\n\n\nclass Hives:\n"
    "    def extract_data(self):\n        self.rows = pd.read_excel('hives.xlsx')\n\n"
    "    def transform_data(self):\n        self.rows = self.rows.dropna()\n\n"
    "    def {last}(self):\n        self.rows.to_sql('hives', engine)\n\n\nHives().extract_data()\n"
)
ASSETS = (
    "import pandas as pd\nfrom dagster import asset\n\n\n"
    "@asset\ndef {first}_hives():\n    return pd.read_csv('hives.csv')\n\n\n"
    "@asset\ndef clean_hives({first}_hives):\n    return {first}_hives\n\n\n"
    "@asset\ndef postgres_hives(clean_hives):\n    clean_hives.to_sql('hives', engine)\n"
)
STREAM = (
    "from pyspark.sql import SparkSession\nfrom pyspark.sql.functions import from_json\n\n"
    "hives = SparkSession.builder.getOrCreate().readStream.format('kafka').load()\n{rest}"
    "hives.writeStream.format('console').start()\n"
)
SEND = (
    "import praw\nfrom kafka import KafkaProducer\n\nproducer = KafkaProducer()\n"
    "for post in praw.Reddit().subreddit('bees').stream.comments():\n    producer.send('hives', post.body)\n"
)
MAKE = "tidy:\n\tpython prepare.py\n\nfit:\n\tpython train.py\n\njudge:\n\tpython evaluate.py\n"
MADE = {
    "Makefile": MAKE,
    "prepare.py": CLEAN + MAIN.format("clean('raw.csv', 'clean.csv')"),
    "train.py": TRAIN + MAIN.format("train('clean.csv')"),
    "evaluate.py": EVALUATE + MAIN.format("evaluate([1], [1])"),
}
HANDED = {**MADE, "prepare.py": "def clean(rows):\n    return rows.dropna()\n" + MAIN.format("clean(rows)")}
RUN = (
    "from brought.ingest import ingest\nfrom tidied.clean import clean\nfrom trained.train import train\n\n"
    "ingest('https://hives.example')\nclean('raw.csv', 'clean.csv')\ntrain('clean.csv')\n"
)
TRIED = "import pandas as pd\n\n\ndef clean(rows):\n    return rows.dropna()\n" + MAIN.format(
    "print(clean(pd.read_csv('raw.csv')))"
)
JOINED = {
    "run.py": RUN,
    "brought/ingest.py": INGEST + MAIN.format("ingest('https://hives.example')"),
    "tidied/clean.py": CLEAN + MAIN.format("clean('raw.csv', 'clean.csv')"),
    "trained/train.py": TRAIN + MAIN.format("train('clean.csv')"),
}
ASKING = "from core.hives import {name}\n" + MAIN.format("{name}('raw.csv', 'clean.csv')")
ASKED = {
    "01_ingest.py": INGEST + MAIN.format("ingest('https://hives.example')"),
    "02_clean.py": ASKING.format(name="tidy_hives"),
    "03_train.py": TRAIN + MAIN.format("train('clean.csv')"),
    "core/hives.py": CLEAN.replace("def clean", "def tidy_hives"),
}


def read(files: dict[str, str]) -> Pipeline:
    return Pipeline.distil(make_tree(files))


def names(found: Pipeline) -> list[str]:
    return [stage.name for stage in (*found.stages, *found.seen)]


def test_a_loader_of_tables_brings_data_in_and_one_that_feeds_a_network_does_not() -> None:
    found = read({"src/data_loader.py": LOADER, "src/preprocess.py": CLEAN, "src/train.py": TRAIN})
    assert (found.verdict, names(found)) == ("partial", ["ingest", "clean", "train"])
    for other in (FEEDER, "def load(path):\n    return open(path).read()\n"):
        found = read({"src/data_loader.py": other, "src/preprocess.py": CLEAN, "src/train.py": TRAIN})
        assert (found.verdict, names(found)) == ("no", ["clean", "train"])


def test_scripts_in_r_that_ask_the_web_and_save_are_steps() -> None:
    assert read({"R/fetch.R": FETCH, "R/clean.R": TIDY}).verdict == "partial"
    assert read({"R/fetch.R": FETCH, "R/clean.R": TIDY.partition("\n")[0]}).verdict == "no"


@pytest.mark.parametrize(
    ("name", "text", "stage"),
    [
        ("R/load.R", "hives <- read_tsv('hives.tsv')\n", "ingest"),
        ("R/load.R", "hives <- read_tsv('hives.tsv')\nwrite_csv(hives, 'store.csv')\n", "warehouse"),
        ("03_load.py", LOADER, "ingest"),
        ("03_load.py", LOADER + "\n\nLoader().hives().to_sql('hives', engine)\n", "warehouse"),
    ],
)
def test_a_file_called_load_that_only_reads_fills_no_store(name: str, text: str, stage: str) -> None:
    assert names(read({name: text, "plot.py": "print()\n"})) == [stage]


def test_what_handles_data_is_shown_before_what_is_only_named_so() -> None:
    files = {"a/ingest.py": "print()\n", "b/ingest.py": INGEST, "clean.py": CLEAN}
    assert [each.path for each in read(files).stages[0].places] == ["b/ingest.py", "a/ingest.py"]


@pytest.mark.parametrize(
    ("files", "verdict"),
    [
        ({"fetch_hives.py": INGEST, "upload_hives.py": STORE, "main.py": JOIN}, "partial"),
        ({"fetch_hives.py": INGEST, "upload_hives.py": STORE}, "no"),
        ({"fetch_hives.py": INGEST, "upload_hives.py": SHOW, "main.py": JOIN}, "no"),
        ({"fetch_hives.py": INGEST, "upload_hives.py": STORE, "main.py": "import chromadb\n" + JOIN}, "no"),
    ],
)
def test_modules_that_fetch_and_store_are_half_a_pipeline_where_one_script_runs_them(
    files: dict[str, str], verdict: str
) -> None:
    assert read(files).verdict == verdict


def test_methods_named_for_extract_transform_load_are_half_a_pipeline() -> None:
    found = read({"first.py": ETL.format(last="load_data")})
    assert (found.verdict, names(found)) == ("partial", ["ingest", "clean", "warehouse"])
    assert [(each.path, each.line) for each in found.stages[2].places] == [("first.py", 11)]
    assert read({"first.py": ETL.format(last="show_data")}).verdict == "no"


def test_a_raw_table_that_a_tool_makes_is_brought_in() -> None:
    found = read({"hives/assets.py": ASSETS.format(first="raw")})
    assert (found.verdict, names(found)) == ("yes", ["ingest", "clean", "warehouse"])
    assert read({"hives/assets.py": ASSETS.format(first="my")}).verdict == "partial"


def test_a_stream_that_is_taken_apart_is_transformed() -> None:
    parse = "hives = hives.select(from_json('value', 'id int'))\n"
    found = read({"data_ingestion.py": SEND, "stream.py": STREAM.format(rest=parse)})
    assert (found.verdict, names(found), found.queued) == ("partial", ["ingest", "clean"], True)
    assert read({"data_ingestion.py": SEND, "stream.py": STREAM.format(rest="")}).verdict == "no"


def test_a_tool_that_prepares_trains_and_evaluates_runs_a_whole_pipeline_if_its_first_step_reads_the_data() -> None:
    assert read(MADE).verdict == "yes"
    assert read(HANDED).verdict == "partial"
    assert read({**MADE, "Makefile": MAKE.replace("evaluate.py", "draw.py"), "draw.py": "plot()\n"}).verdict != "yes"


def test_an_imported_step_runs_by_itself_if_it_hands_its_data_on() -> None:
    assert read(JOINED).verdict == "yes"
    assert read({**JOINED, "tidied/clean.py": TRIED}).verdict == "partial"


def test_a_script_hands_on_what_an_own_module_of_its_stage_hands_on() -> None:
    assert read(ASKED).verdict == "yes"
    idle = "def tidy_hives(source, target):\n    return source\n"
    uncalled = ASKING.format(name="tidy_hives").replace("tidy_hives('raw.csv', 'clean.csv')", "print()")
    another = {"02_clean.py": ASKING.format(name="open_hives"), "core/hives.py": CLEAN}
    for changed in ({"core/hives.py": idle}, {"02_clean.py": uncalled}, another):
        assert read({**ASKED, **changed}).verdict == "partial"


def test_a_script_handles_the_data_that_an_own_module_of_its_stage_handles_for_it() -> None:
    files = {"split.py": ASKING.format(name="split_hives"), "train.py": MADE["train.py"]}
    files |= {"evaluate.py": MADE["evaluate.py"], "core/hives.py": CLEAN}
    assert read(files).verdict == "partial"
    assert read({**files, "split.py": ASKING.format(name="open_hives")}).verdict == "no"


def test_a_download_that_saves_what_it_fetches_hands_it_on() -> None:
    fetch = "from urllib.request import urlretrieve\n\nurlretrieve('https://hives.example', 'raw.csv')\n"
    files = {path: text for path, text in ASKED.items() if path != "01_ingest.py"}
    assert read({**files, "01_download.py": fetch}).verdict == "yes"
    assert read({**files, "01_download.py": fetch.replace("urlretrieve", "urlopen")}).verdict == "partial"


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("dim_reduction", ("features",)),
        ("dim_hives", ("warehouse",)),
        ("create_splits", ("clean",)),
        ("combine_hives", ("clean",)),
        ("load_combined", ()),
        ("post_processor", ()),
        ("sales_promotion", ()),
        ("model_promotion", ("registry",)),
        ("save_last_train", ()),
        ("train_and_save", ("train",)),
    ],
)
def test_a_name_says_its_stage(name: str, stages: tuple[Any, ...]) -> None:
    assert stages_of_name(name) == stages


def test_a_loader_of_another_name_is_told_by_its_calls_alone() -> None:
    assert names(read({"image_loader_view.py": LOADER, "train.py": TRAIN})) == ["train"]


def test_a_load_after_an_extraction_is_the_last_part_and_what_reads_a_table_then_brings_nothing_in() -> None:
    tasks = (
        "import pandas as pd\nfrom airflow.decorators import dag, task\n\n\n"
        "@task\ndef extract():\n    return 1\n\n\n@task\ndef load_raw(rows):\n    return rows\n\n\n"
        "@task\ndef draw():\n    pd.read_sql('select 1', engine)\n\n\n@task\ndef {last}(rows):\n    return rows\n\n\n"
        "@dag\ndef hives():\n    load_raw(extract())\n"
    )
    found = read({"dags/hives.py": tasks.format(last="enrich_hives")})
    places = {stage.name: [each.line for each in stage.places] for stage in found.stages}
    assert (found.verdict, places) == ("yes", {"ingest": [6], "clean": [21], "warehouse": [11]})
    found = read({"dags/hives.py": tasks.format(last="train_model")})
    assert [each.line for each in found.stages[0].places] == [6, 11]
