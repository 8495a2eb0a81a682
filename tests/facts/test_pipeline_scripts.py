"""Plain SQL scripts as steps of a pipeline."""

import pytest

from portfolio_audit.facts.pipeline import Pipeline
from portfolio_audit.facts.pipeline_scripts import sql_steps
from portfolio_audit.testing import make_tree, run_check

BRONZE = """-- INSERT INTO gold.hives SELECT 1;
CREATE OR ALTER PROCEDURE bronze.load_bronze AS
BEGIN
    TRUNCATE TABLE bronze.hives;
    BULK INSERT bronze.hives FROM 'hives.csv' WITH (FIRSTROW = 2);
END
"""
SILVER = """INSERT INTO silver.hives (id, weight)
SELECT id, TRIM(weight) FROM bronze.hives;
"""
GOLD = """CREATE VIEW gold.dim_hives AS
SELECT id, weight FROM silver.hives;
"""
LAYERS = {"sql/load.sql": BRONZE, "sql/tidy.sql": SILVER, "sql/star.sql": GOLD}


def stages(text: str, path: str = "sql/work.sql") -> list[str]:
    return [stage for step in sql_steps(make_tree({path: text})) for stage in step.stages]


def test_scripts_that_fill_the_layers_of_a_warehouse_are_a_pipeline() -> None:
    found = Pipeline.distil(make_tree(LAYERS))
    assert (found.verdict, found.searched) == ("yes", 3)
    places = {stage.name: [(each.path, each.line) for each in stage.places] for stage in found.stages}
    assert places == {
        "ingest": [("sql/load.sql", 5)],
        "clean": [("sql/tidy.sql", None)],
        "warehouse": [("sql/star.sql", None)],
    }
    assert run_check("pipeline-stages", LAYERS).status == "passed"


def test_two_layers_are_half_a_pipeline_and_one_is_none() -> None:
    half = {path: text for path, text in LAYERS.items() if path != "sql/star.sql"}
    assert Pipeline.distil(make_tree(half)).verdict == "partial"
    assert Pipeline.distil(make_tree({"sql/load.sql": BRONZE})).verdict == "no"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("COPY staging.hives (id, weight) FROM 's3://hives/' FORMAT CSV;", ["ingest"]),
        ("\\copy hives FROM 'hives.csv' CSV HEADER", ["ingest"]),
        ("LOAD DATA LOCAL INFILE 'hives.csv' INTO TABLE hives;", ["ingest"]),
        ("COPY INTO raw.hives FROM @stage;", ["ingest"]),
        ("CREATE TABLE bronze_hives AS SELECT * FROM read_csv_auto('hives.csv');", ["ingest"]),
        ("CREATE OR REFRESH STREAMING TABLE bronze_hives AS SELECT * FROM cloud_files('/hives');", ["ingest"]),
        ("MERGE INTO silver.hives t USING bronze.hives s ON t.id = s.id WHEN MATCHED THEN DELETE;", ["clean"]),
        ("SELECT id INTO [dw].[dim_hive] FROM staging.hives", ["warehouse"]),
        ("INSERT OVERWRITE TABLE dwd_hives SELECT id FROM ods_hives;", ["clean"]),
        ("INSERT INTO stg_hives SELECT 1;\nINSERT INTO fact_weight SELECT 1;", ["clean", "warehouse"]),
        ("insert into hives select distinct id from old;", []),
        ("CREATE VIEW app.daily AS SELECT day, AVG(weight) FROM app.hives GROUP BY day;", ["warehouse"]),
    ],
)
def test_the_table_that_is_filled_tells_the_stage(text: str, said: list[str]) -> None:
    assert stages(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE gold.hives (id int);",
        "INSERT INTO silver.hives VALUES (1), (2);",
        "SELECT * FROM gold.hives;",
        "COPY gold.hives TO 'hives.csv';",
        "/* INSERT INTO gold.hives SELECT 1; */ SELECT 1;",
        "-- BULK INSERT bronze.hives FROM 'a.csv'",
        "CREATE TABLE silver.hives (id int); SELECT 1;",
    ],
)
def test_tables_questions_rows_and_comments_are_no_steps(text: str) -> None:
    assert stages(text) == []


def test_a_name_tells_where_the_table_does_not() -> None:
    text = "CREATE TABLE hives2 AS SELECT DISTINCT id FROM hives;"
    assert stages(text, "sql/02_clean_hives.sql") == ["clean"]
    assert stages(text, "sql/gold/hives.sql") == ["warehouse"]
    assert stages(BRONZE, "tests/load.sql") == stages(BRONZE, "migrations/001.sql") == []


def test_hostile_scripts_are_read_in_linear_time_and_dumps_are_not() -> None:
    unit = "INSERT INTO " + "a" * 200 + " /* " + "COPY a (" * 4
    assert stages(unit * (200_000 // len(unit))) == []
    assert stages("/*" * 100_000) == stages("--" * 100_000) == stages("CREATE OR " * 20_000) == []
    assert stages(SILVER + "-- " + "x" * 300_000) == []
