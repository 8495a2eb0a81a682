"""What a path says, and which files of a tree are its owner's own."""

import pytest

from portfolio_audit.facts import paths
from portfolio_audit.testing import make_tree


@pytest.mark.parametrize(
    ("path", "language"),
    [("a/b.PY", "Python"), ("x.ipynb", "Jupyter Notebook"), ("Makefile", None), (".py", None), ("a.tar.gz", None)],
)
def test_language_is_that_of_the_ending(path: str, language: str | None) -> None:
    assert paths.language(path) == language


@pytest.mark.parametrize(
    "path",
    [
        "node_modules/x/index.js",
        "app/venv/Lib/site-packages/numpy/core.py",
        "env/lib/python3.11/site-packages/flask/app.py",
        "notebooks/.ipynb_checkpoints/eda-checkpoint.ipynb",
        "bees.egg-info/top_level.txt",
        "renv/activate.R",
        "static/js/jquery-3.6.0.js",
        "external/lib.py",
        "app/dependencies/pybind11-2.13.6/tools/make.py",
        "assets/fontawesome-free-6.5.2-web/js/all.js",
    ],
)
def test_packages_and_caches_are_vendored(path: str) -> None:
    assert paths.is_vendored(path)


@pytest.mark.parametrize(
    "path",
    [
        "env/maze.py",
        "environments/grid.py",
        "src/vendor.py",
        "inventory/models.py",
        "data/external/a.csv",
        "hives-1.0.0/app.py",
        "course/lesson-1.2.3/a.py",
        "src/v1.2.3/a.py",
        "out/model-1.0.0/a.py",
        "a/bees-2/b.py",
    ],
)
def test_own_folders_that_sound_alike_are_not_vendored(path: str) -> None:
    assert not paths.is_vendored(path)


@pytest.mark.parametrize(
    "path", ["dist/app.js", "proto/hive_pb2.py", "static/app.min.js", "infra/cdk.out/asset.1/x.py"]
)
def test_build_output_is_generated(path: str) -> None:
    assert paths.is_generated(path)


@pytest.mark.parametrize(
    "path",
    [
        "tests/helpers.py",
        "test_bees.py",
        "src/bees_test.go",
        "src/__tests__/App.jsx",
        "ui/app.spec.ts",
        "src/test/java/BeesTest.java",
        "spec/hive_spec.rb",
        "conftest.py",
    ],
)
def test_test_names(path: str) -> None:
    assert paths.is_test(path)


def test_a_file_of_locust_tries_the_load() -> None:
    assert paths.is_load_test("load/locustfile.py")
    assert paths.is_load_test("locustfile_spikes.py")
    assert not paths.is_load_test("locust.py")
    assert not paths.is_load_test("locustfile.md")


@pytest.mark.parametrize(
    "path",
    ["latest.py", "contest/main.py", "attestation.go", "testimony.md", "protest_map.js", "locust.py", "test.ipynb"],
)
def test_names_that_only_contain_test(path: str) -> None:
    assert not paths.is_test(path)


@pytest.mark.parametrize(
    "path", ["Snakefile", "rules/a.smk", "main.nf", "dvc.yaml", "flows/ingest.yml", "models/schema.yml"]
)
def test_pipeline_definitions(path: str) -> None:
    assert paths.is_pipeline(path)


@pytest.mark.parametrize("path", ["flows/ingest.py", "docker-compose.yml", "flows.yml", "workflows/ci.yml"])
def test_other_configuration_is_no_pipeline(path: str) -> None:
    assert not paths.is_pipeline(path)


def test_a_committed_environment_is_not_own_whatever_it_is_called() -> None:
    tree = make_tree(
        {
            "myenv/pyvenv.cfg": "home = /usr/bin\n",
            "myenv/Scripts/activate_this.py": "x = 1\n",
            "myenv/Lib/own.py": "x = 1\n",
            "myenv/app.py": "x = 1\n",
            "src/app.py": "x = 1\n",
        }
    )
    own = [file.path for file in tree.derive(paths.own_files)]
    assert own == ["myenv/app.py", "myenv/pyvenv.cfg", "src/app.py"]


def test_a_well_known_project_copied_with_its_licence_is_not_own() -> None:
    files = {"app.py": "x = 1\n", "models/yolov5/LICENSE": "AGPL", "models/yolov5/train.py": "x = 1\n"}
    assert [file.path for file in make_tree(files).derive(paths.own_files)] == ["app.py"]
    page = {"app.py": "x = 1\n", "swagger/LICENSE": "Apache", "swagger/src/page.js": "x = 1\n"}
    assert [file.path for file in make_tree(page).derive(paths.own_files)] == ["app.py"]
    mine = {"yolov5/train.py": "x = 1\n"}
    assert [file.path for file in make_tree(mine).derive(paths.own_files)] == ["yolov5/train.py"]


def test_a_chart_that_others_published_is_theirs() -> None:
    published = "name: loki\nicon: https://loki.example/logo.png\nsources:\n  - https://loki.example\n"
    files = {
        "deploy/charts/loki/Chart.yaml": published,
        "deploy/charts/loki/src/canary_test.go": "package canary\n",
        "deploy/charts/hive/Chart.yaml": "name: hive\nmaintainers: [{name: a}]\n",
        "Makefile": "all:\n",
    }
    own = [file.path for file in make_tree(files).derive(paths.own_files)]
    assert own == ["Makefile", "deploy/charts/hive/Chart.yaml"]
    whole = {"Chart.yaml": published, "values.yaml": "a: 1\n"}
    assert [file.path for file in make_tree(whole).derive(paths.own_files)] == ["Chart.yaml", "values.yaml"]
