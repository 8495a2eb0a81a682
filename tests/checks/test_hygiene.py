"""repository-clean and secrets-absent: passed, partial, failed, not applicable, unknown, and hostile trees."""

import json
import random
import string

import pytest

from portfolio_audit.api import Outcome
from portfolio_audit.audit import ask
from portfolio_audit.facts.leftovers import LARGE
from portfolio_audit.testing import TreeRepository, find_check, make_record, make_repository, run_check
from portfolio_audit.tree import MIB, File, SourceTree

CODE = {"hive.py": "import os\n\nKEY = os.environ['HIVE_KEY']\n"}
# Put together here, so that nothing in this file looks like a key.
KEY = "hf" + "_" + "".join(random.Random(7).choices(string.ascii_letters, k=34))


def sized(sizes: dict[str, int], unread: dict[str, str] | None = None) -> Outcome:
    """The answer for a tree of files of these sizes, whose contents nobody needs."""
    record = make_record()
    tree = SourceTree([File(path, size) for path, size in sizes.items()], {}, unread=unread)
    return ask(find_check("repository-clean"), TreeRepository(record, make_repository({}).snapshot, tree))


class TestClean:
    @pytest.mark.parametrize(
        "path",
        [
            ".vscode/settings.json",
            ".idea/modules.xml",
            "dist/app.js",
            "build/static/main.js",
            "tests/fixtures/venv/pyvenv.cfg",
            "tests/fixtures/node_modules/a/index.js",
            "data/sample.csv",
            "models/model.pkl",
            ".env.example",
            "uv.lock",
            ".gitkeep",
            "mlruns/.gitkeep",
            "dbt/target/manifest.json",
            "logs/README.md",
            "hive/storage/compute_logs/bees.py",
            "history/runs.md",
            "bees/schedules/schedules.db",
            "wandb/sweep.yaml",
            "src/runs/hive.py",
            "tests/fixtures/mlruns/0/1f0e/meta.yaml",
        ],
    )
    def test_what_may_be_committed_passes(self, path: str) -> None:
        outcome = run_check("repository-clean", {**CODE, path: "x"})
        assert outcome.status == "passed"
        assert outcome.summary.startswith(
            "no installed packages, caches, build outputs, records of runs or large files"
        )
        assert "among 2 files" in outcome.summary

    @pytest.mark.parametrize(
        ("path", "words"),
        [
            ("__pycache__/hive.cpython-311.pyc", "caches"),
            ("notebooks/.ipynb_checkpoints/eda-checkpoint.ipynb", "caches"),
            (".DS_Store", "caches"),
            ("hive.egg-info/PKG-INFO", "build outputs"),
            ("dist/hive-0.1-py3-none-any.whl", "build outputs"),
            ("htmlcov/index.html", "build outputs"),
            (".idea/workspace.xml", "editor"),
            ("mlruns/0/1f0e/meta.yaml", "records of runs"),
            (".tmp_dagster_home_ab12cd34/history/runs.db", "records of runs"),
            ("hive/tmpab12cd3_/history/runs/1f0e-11ab.db", "records of runs"),
            ("hive/tmpab12cd3_/schedules/schedules.db", "records of runs"),
            ("storage/3f64a335-ee02-41f7/compute_logs/bees.err", "records of runs"),
            ("dbt/logs/dbt.log", "records of runs"),
            ("dbt/target/compiled/hive/models/bees.sql", "build"),
            ("dbt/target/run_results.json", "build"),
            ("model/mlruns/42/1f0e/metrics/loss", "records of runs"),
            ("wandb/run-20240102_101112-abcd/files/config.yaml", "records of runs"),
            ("lightning_logs/version_3/hparams.yaml", "records of runs"),
            ("runs/bees/events.out.tfevents.1700000000.hive", "records of runs"),
            ("infra/terraform.tfstate", "infrastructure"),
        ],
    )
    def test_what_belongs_on_one_machine_is_shown(self, path: str, words: str) -> None:
        outcome = run_check("repository-clean", {**CODE, path: "x"})
        assert outcome.status == "partial"
        assert words in outcome.summary
        assert "1 file)" in outcome.summary
        assert [each.path for each in outcome.evidence] == [path]
        assert ".gitignore" in (outcome.fix or "")

    def test_a_few_cost_less_than_many(self) -> None:
        few = run_check("repository-clean", {**CODE, "__pycache__/a.pyc": "x"})
        many = run_check("repository-clean", {**CODE, **{f"__pycache__/a{n}.pyc": "x" for n in range(9)}})
        assert (few.score or 0) > (many.score or 0) > 0

    @pytest.mark.parametrize(
        "folder", ["node_modules/react", "venv/lib/python3.11/site-packages/numpy", "web/node_modules/a"]
    )
    def test_installed_packages_fail(self, folder: str) -> None:
        outcome = run_check("repository-clean", {**CODE, **{f"{folder}/f{n}.js": "x" for n in range(30)}})
        assert (outcome.status, outcome.score) == ("failed", 0)
        assert "installed packages (30 files)" in outcome.summary

    def test_an_environment_is_told_by_its_own_file_whatever_it_is_called(self) -> None:
        outcome = run_check(
            "repository-clean", {**CODE, "mine/pyvenv.cfg": "home = /usr", **{f"mine/bin/x{n}": "x" for n in range(9)}}
        )
        assert outcome.status == "failed"
        assert "10 files" in outcome.summary

    def test_large_files_are_named_largest_first(self) -> None:
        outcome = sized(
            {"hive.py": 10, "models/bees.pt": LARGE, "models/queen.pt": 4 * LARGE, "data/raw.csv": 2 * LARGE}
        )
        assert (outcome.status, outcome.score) == ("partial", 0.5)
        assert "large model files (2 files, 125 MiB) and large data files (1 file, 50 MiB)" in outcome.summary
        assert [each.path for each in outcome.evidence] == ["models/queen.pt", "models/bees.pt", "data/raw.csv"]
        assert "LFS" in (outcome.fix or "")
        assert ".gitignore" not in (outcome.fix or "")

    def test_a_file_whose_size_is_not_known_is_told(self) -> None:
        files = {"hive.py": 10, "bees.csv": 0}
        assert sized(files, unread={"bees.csv": "missing"}).summary.endswith("; the size of 1 file is not known")
        assert sized(files).summary.endswith("among 2 files")

    def test_a_large_model_among_the_records_of_a_run_is_both(self) -> None:
        outcome = sized({"hive.py": 10, "mlruns/0/1f0e/artifacts/bees.pkl": LARGE, "mlruns/0/1f0e/meta.yaml": 10})
        assert outcome.score == 0.5
        assert "large model files (1 file, 25 MiB) and records of runs (2 files" in outcome.summary

    def test_a_small_model_and_a_sample_are_innocent_and_much_together_is_not(self) -> None:
        assert sized({"models/bees.pkl": 12 * MIB, "data/bees.csv": 20 * MIB}).status == "passed"
        assert sized({f"data/part{n}.csv": 6 * MIB for n in range(9)}).status == "partial"

    def test_a_pointer_of_large_file_storage_is_small(self) -> None:
        pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 900000000\n"
        assert run_check("repository-clean", {**CODE, "models/bees.pt": pointer}).status == "passed"

    def test_without_files_it_does_not_apply_and_unread_files_are_unknown(self) -> None:
        assert run_check("repository-clean", {}).status == "not_applicable"
        assert run_check("repository-clean", None).status == "unknown"

    def test_a_hostile_listing_makes_a_small_answer(self) -> None:
        deep = "/".join(["__pycache__"] * 500)
        outcome = run_check(
            "repository-clean", {f"{deep}/{n}.pyc": "" for n in range(300)} | {"a" * 4_000 + ".pyc": ""}
        )
        assert outcome.status == "partial"
        assert len(outcome.evidence) <= 8


class TestSecrets:
    def test_none_found_says_how_much_was_searched(self) -> None:
        outcome = run_check("secrets-absent", {**CODE, "config.yml": "key: ${HIVE_KEY}\n"})
        assert outcome.status == "passed"
        assert "2 files" in outcome.summary

    def test_none_found_claims_nothing_of_the_history(self) -> None:
        assert "at the commit read (the history was not searched)" in run_check("secrets-absent", CODE).summary

    @pytest.mark.parametrize(
        ("path", "text", "line"),
        [
            ("hive.py", f"import x\n\ntoken = '{KEY}'\n", 3),
            (".env", f"HF_TOKEN={KEY}\n", 1),
            ("config/settings.yaml", f"hf:\n  token: {KEY}\n", 2),
            ("app.js", f'const token = "{KEY}"', 1),
            ("secrets.toml", f"token = '{KEY}'", 1),
            (
                "kaggle.json",
                '{"username": "ada",\n "key": "' + "".join(random.Random(2).choices("0123456789abcdef", k=32)) + '"}',
                2,
            ),
            ("Dockerfile", f"FROM x\nENV HF_TOKEN={KEY}\n", 2),
            (".env", "A=1\nDB_PASSWORD=tR4nq" + "uil8HiveQ\n", 2),
        ],
    )
    def test_a_key_is_shown_by_place_alone(self, path: str, text: str, line: int) -> None:
        outcome = run_check("secrets-absent", {**CODE, path: text})
        assert outcome.status == "failed"
        assert [(each.path, each.line) for each in outcome.evidence] == [(path, line)]
        assert "looks like" in outcome.evidence[0].note
        assert "revoke" in (outcome.fix or "")
        assert not any(part in repr(outcome) for part in (KEY, KEY[:10], KEY[-8:], "tR4nq"))

    def test_a_key_in_a_notebook_is_shown_by_its_cell(self) -> None:
        cells = [
            {"cell_type": "code", "source": "x = 1"},
            {"cell_type": "code", "source": ["import x\n", f"t = '{KEY}'"]},
        ]
        outcome = run_check("secrets-absent", {"eda.ipynb": json.dumps({"cells": cells})})
        assert [(each.path, each.note) for each in outcome.evidence] == [
            ("eda.ipynb", "cell 2, line 2: looks like a Hugging Face token")
        ]

    def test_a_broken_notebook_is_searched_as_text(self) -> None:
        assert (
            run_check("secrets-absent", {"eda.ipynb": '{"cells": [{"source": "t = \\"' + KEY + '\\"'}).status
            == "failed"
        )

    @pytest.mark.parametrize(
        "path",
        [
            "tests/test_hive.py",
            ".env.example",
            "config.sample.yml",
            "README.md",
            "docs/usage.html",
            "node_modules/a/index.js",
            "package-lock.json",
            "data/tokens.csv",
        ],
    )
    def test_tests_templates_documentation_and_data_are_left_out(self, path: str) -> None:
        assert run_check("secrets-absent", {**CODE, path: f"token = '{KEY}'\n"}).status == "passed"

    def test_a_google_key_that_a_browser_must_know_is_innocent(self) -> None:
        key = "AI" + "za" + "".join(random.Random(3).choices(string.ascii_letters + string.digits, k=35))
        assert run_check("secrets-absent", {"map.jsx": f'<Map apiKey="{key}" />'}).status == "passed"
        assert (
            run_check("secrets-absent", {"chat.js": f'const gemini = new GoogleGenerativeAI("{key}")'}).status
            == "failed"
        )
        assert run_check("secrets-absent", {"chat.py": f'genai.configure(api_key="{key}")'}).status == "failed"

    @pytest.mark.parametrize(
        "password", ["changeme123", "password1", "airflow", "<password>", "${DB_PASSWORD}", "postgres"]
    )
    def test_a_password_to_be_filled_in_is_innocent(self, password: str) -> None:
        assert run_check("secrets-absent", {".env": f"POSTGRES_PASSWORD={password}\n"}).status == "passed"

    def test_the_charts_that_a_chart_rests_on_are_copies(self) -> None:
        chart = {"deploy/hive/Chart.yaml": "name: hive\n", "deploy/hive/charts/costs/values.yaml": f"token: {KEY}\n"}
        assert run_check("secrets-absent", {**CODE, **chart}).status == "passed"
        assert run_check("secrets-absent", {**CODE, "charts/hive/values.yaml": f"token: {KEY}\n"}).status == "failed"

    def test_more_than_one_is_counted(self) -> None:
        outcome = run_check("secrets-absent", {f"a{n}.py": f"t = '{KEY}'\n" for n in range(15)})
        assert outcome.summary.endswith("a Hugging Face token, and 14 more lines")
        assert len(outcome.evidence) == 10

    def test_an_unread_file_is_unknown_unless_another_shows_a_key(self) -> None:
        assert run_check("secrets-absent", CODE, unread={"app.py": "gone"}).status == "unknown"
        assert run_check("secrets-absent", {"a.py": f"t = '{KEY}'\n"}, unread={"app.py": "gone"}).status == "failed"
        assert run_check("secrets-absent", None).status == "unknown"

    def test_without_anything_to_search_it_does_not_apply(self) -> None:
        assert run_check("secrets-absent", {"README.md": "# Bees", "bees.png": b"\x89PNG"}).status == "not_applicable"

    def test_a_hostile_file_answers_without_a_key(self) -> None:
        hostile: dict[str, str | bytes] = {
            "a.py": b"\xff\xfe" + b"=hf_" * 60_000,
            "b.yml": "key: " + "A" * 200_000,
            ".env": "A_PASSWORD=" * 20_000,
        }
        assert run_check("secrets-absent", hostile).status == "passed"
