"""dependencies-declared and licence-present: what is claimed to be missing is missing."""

import json
from collections.abc import Mapping

import pytest

from portfolio_audit.api import Outcome
from portfolio_audit.testing import run_check

MIT = (
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this software. The above "
    'copyright notice shall be included. THE SOFTWARE IS PROVIDED "AS IS".\n'
)
CODE = {"hive.py": "import os\nimport numpy as np\nfrom sklearn.svm import SVC\nfrom importlib import metadata\n"}
PINNED = "numpy==1.26.4\nscikit-learn==1.5.0\n"


def ask(files: Mapping[str, str | bytes], unread: Mapping[str, str] | None = None) -> Outcome:
    return run_check("dependencies-declared", files, unread=unread)


LEFT = {
    "hive/__init__.py": "",
    "hive/bees.py": "import numpy\n",
    "app/main.py": "import numpy\nfrom hive.models.queen import Queen\n",
    "tests/test_a.py": "from hive.models.queen import Queen\n",
    ".gitignore": "*.pyc\n\nmodels/\n",
    "requirements.txt": "numpy==1.26.4\n",
}


class TestModulesThatWereLeftOut:
    @pytest.mark.parametrize(
        "rule", ["models/", "models", "/hive/models/", "hive/models/**", "**/models/", "hive/models/*"]
    )
    def test_a_module_of_its_own_that_an_ignore_rule_keeps_away_is_told(self, rule: str) -> None:
        outcome = ask({**LEFT, ".gitignore": f"*.pyc\n\n{rule}\n"})
        assert (outcome.status, outcome.score) == ("partial", 0.4)
        assert outcome.summary.startswith("its own hive.models is imported and not in the repository")
        assert [(each.path, each.line) for each in outcome.evidence[:2]] == [("app/main.py", 2), (".gitignore", 3)]
        assert outcome.fix == (
            f"Bind {rule} in .gitignore (line 3) to where it is meant, by a slash in front, or take it out; "
            "then commit hive/models."
        )

    def test_below_src_and_by_the_rules_of_a_folder_it_is_told_too(self) -> None:
        files = {("src/" + path if path.startswith("hive") else path): text for path, text in LEFT.items()}
        files |= {".gitignore": "*.pyc\n", "src/.gitignore": "models/\n"}
        assert "commit src/hive/models." in (ask(files).fix or "")

    def test_without_any_list_both_are_told(self) -> None:
        outcome = ask({path: text for path, text in LEFT.items() if path != "requirements.txt"})
        assert (outcome.status, outcome.score) == ("failed", 0.0)
        assert "hive.models" in outcome.summary
        assert "no list of what to install" in outcome.summary

    @pytest.mark.parametrize(
        "files",
        [
            {"hive/models/weights.txt": "1"},
            {"hive/models.py": "class Queen: ...\n"},
            {"hive/models.pyx": "class Queen: ...\n"},
            {"apiary/hive/models/queen.py": "class Queen: ...\n"},
            {"hive/__init__.py": "from apiary import models\n"},
            {"hive/__init__.py": "models = None\n"},
            {"hive/__init__.py": "def __getattr__(name): ...\n"},
            {".gitignore": "*.pt\n"},
            {".gitignore": "/models/\n"},
            {".gitignore": "models/\n!hive/models/\n"},
            {"app/main.py": "import numpy\nfrom hive.bees import Bee\n", "tests/test_a.py": ""},
            {
                "app/main.py": "import numpy\ntry:\n    import hive.models\nexcept ImportError: ...\n",
                "tests/test_a.py": "",
            },
            {"app/main.py": "from hive.bee_pb2 import B\n", "tests/test_a.py": "", ".gitignore": "bee_pb2\n"},
            {"app/main.py": "from hive.secrets import K\n", "tests/test_a.py": "", ".gitignore": "secrets/\n"},
            {"app/main.py": "from torch.models import K\n", "tests/test_a.py": "", "torch/readme.md": "a"},
        ],
    )
    def test_what_is_not_sure_accuses_nobody(self, files: dict[str, str]) -> None:
        assert "its own" not in ask({**LEFT, **files}).summary


class TestSlips:
    @pytest.mark.parametrize(("name", "meant"), [("sklearn", "scikit-learn"), ("tensorflow-gpu", "tensorflow")])
    def test_a_name_that_ends_in_an_error_is_told_with_its_line(self, name: str, meant: str) -> None:
        code = {"hive.py": f"import numpy\nimport {'sklearn' if name == 'sklearn' else 'tensorflow'}\n"}
        outcome = ask({**code, "requirements.txt": f"numpy==1.26.4\n{name}\n"})
        assert (outcome.status, outcome.score) == ("partial", 0.5)
        assert outcome.summary.startswith(f"requirements.txt asks for {name}, whose installation fails; ")
        assert (outcome.evidence[0].path, outcome.evidence[0].line) == ("requirements.txt", 2)
        assert (outcome.fix or "").startswith(f"Write {meant} instead of {name} in requirements.txt.")

    @pytest.mark.parametrize(
        "files",
        [
            {"requirements.txt": "numpy==1.26.4\nsklearn==0.0\n"},
            {"environment.yml": "dependencies:\n  - numpy=1.26\n  - pytorch\n  - scikit-learn=1.5\n"},
            {"requirements.txt": "numpy==1.26.4\nscikit-learn==1.5.0\n"},
            {"requirements.in": "numpy\nsklearn\n", "requirements.txt": "numpy==1.26.4\nsklearn==0.0\n"},
        ],
    )
    def test_a_name_that_installs_is_not(self, files: dict[str, str]) -> None:
        assert "installation fails" not in ask({**CODE, **files}).summary

    def test_an_import_one_letter_off_is_to_be_corrected_and_not_installed(self) -> None:
        code = {**CODE, "wax.py": "import sklarn\n"}
        assert ask({**code, "requirements.txt": PINNED}).fix == "Correct the import of sklarn, if sklearn is meant."
        both = ask({**code, "hum.py": "import pandas\n", "requirements.txt": PINNED}).fix or ""
        assert "listed nowhere: pandas." in both
        assert "sklearn is meant" in both

    @pytest.mark.parametrize(
        ("imported", "other"),
        [
            ("psycopg", "psycopg2"),
            ("scapy", "scipy"),
            ("win32ui", "win32gui"),
            ("hivebee", "queenbee"),
            ("xgboost", "xboost"),
        ],
    )
    def test_another_package_is_no_slip(self, imported: str, other: str) -> None:
        code = {**CODE, "wax.py": f"import {imported}\nimport {other}\n"}
        assert "meant" not in (ask({**code, "requirements.txt": PINNED}).fix or "")

    @pytest.mark.parametrize("slip", ["requets", "requestss", "reqeusts", "rewuests"])
    def test_a_letter_less_more_swapped_or_other_is_one(self, slip: str) -> None:
        outcome = ask({"hive.py": f"import requests\nimport {slip}\n", "requirements.txt": "requests==2.32\n"})
        assert outcome.fix == f"Correct the import of {slip}, if requests is meant."


class TestDependencies:
    def test_a_mention_in_a_text_cell_installs_nothing(self) -> None:
        cells = [{"cell_type": kind, "source": "You may `pip install numpy scikit-learn`"} for kind in ("markdown",)]
        outcome = ask({**CODE, "eda.ipynb": json.dumps({"cells": cells})})
        assert (outcome.status, outcome.summary) == (
            "failed",
            "numpy and sklearn are imported, and no list of what to install",
        )

    def test_a_command_that_installs_one_of_many_is_no_list(self) -> None:
        code = {"a.py": "".join(f"import {name}\n" for name in ("numpy", "pandas", "torch", "sklearn"))}
        readme = "# Hive\n\n```bash\npip install {}\n```\n"
        assert ask({**code, "README.md": readme.format("numpy")}).status == "failed"
        half = ask({**code, "README.md": readme.format("numpy pandas")})
        assert (half.status, "2 of them brought by what a command installs" in half.summary) == ("partial", True)

    def test_packages_of_a_committed_environment_are_not_the_repositorys_own(self) -> None:
        installed = {f"env/Lib/site-packages/{name}/__init__.py": "x = 1\n" for name in ("numpy", "sklearn")}
        assert ask({**CODE, **installed, "requirement.txt": PINNED}).status == "passed"
        outcome = ask({**CODE, **installed})
        assert (outcome.status, outcome.summary[:17]) == ("failed", "numpy and sklearn")

    @pytest.mark.parametrize(
        "manifest",
        [
            {"requirements.txt": PINNED},
            {"requirements.txt": "numpy~=1.26\nscikit_learn<2\n"},
            {"requirements.txt": "\ufeffNumPy==1.26.4\r\nscikit-learn [all]==1.5.0 ; python_version>'3'\r\n"},
            {"requirements.txt": (PINNED).encode("utf-16")},
            {"requirements/base.txt": PINNED},
            {"api/requirements/base.txt": PINNED},
            {"pyproject.toml": '[project]\nname = "hive"\ndependencies = ["numpy<2", "scikit-learn==1.5"]\n'},
            {"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.11"\nnumpy = "^1"\nscikit-learn = "^1"\n'},
            {"pyproject.toml": '[project]\ndependencies = ["numpy", "scikit-learn"]\n', "uv.lock": "x"},
            {"workflow/envs/train.yml": "dependencies:\n  - numpy=1.26\n  - scikit-learn=1.5\n"},
            {"env-dev.yaml": "dependencies: [numpy=1.26, scikit-learn=1.5]\n", "envs/dev.yml": "learning_rate: 1\n"},
            {"reqs.txt": PINNED},
            {"Pipfile": '[packages]\nnumpy = "*"\nscikit-learn = "*"\n', "Pipfile.lock": "{}"},
            {"environment.yml": "dependencies:\n  - numpy=1.26\n  - pip:\n      - scikit-learn==1.5.0\n"},
            {"setup.py": "needs = [\n 'numpy==1.26',\n 'scikit-learn[x]==1.5',\n]\nsetup(install_requires=needs)\n"},
            {"setup.cfg": "[options]\ninstall_requires =\n    numpy<2\n    scikit-learn<2\npackages = find:\n"},
            {"requirements.txt": "scikit-learn==1.5.0\n"},
            {
                "pyproject.toml": '[project]\ndependencies = ["hive<2"]\n',
                "uv.lock": 'name = "numpy"\nname = "scikit-learn"\n',
            },
            {"pyproject.toml": '[project]\ndependencies = ["hive<2"]\n', "uv.lock": "#" * 2_200_000},
        ],
    )
    def test_every_import_asked_for_and_held_passes(self, manifest: dict[str, str | bytes]) -> None:
        outcome = ask({**CODE, **manifest})
        assert outcome.status == "passed", outcome
        assert outcome.evidence

    def test_tools_for_working_on_code_may_float(self) -> None:
        tools = '[project]\ndependencies = ["numpy==2.2", "scikit-learn==1.6"]\n'
        outcome = ask({**CODE, "pyproject.toml": tools + '[dependency-groups]\ndev = ["pytest", "ruff", "mypy"]\n'})
        assert outcome.status == "passed", outcome

    def test_what_is_asked_for_without_versions_is_most_of_it(self) -> None:
        outcome = ask({**CODE, "requirements.txt": "numpy\nscikit-learn>=1\n"})
        assert (outcome.status, outcome.score) == ("partial", 0.8)
        assert "but 2 packages listed in requirements.txt may come in any newer version" in outcome.summary

    def test_only_what_runs_is_counted_as_floating(self) -> None:
        floating = '[project]\ndependencies = ["numpy", "scikit-learn>=1"]\n[dependency-groups]\ndev = ["pytest"]\n'
        outcome = ask({**CODE, "pyproject.toml": floating})
        assert (outcome.status, outcome.score) == ("partial", 0.8)
        assert (
            "but 2 packages listed in pyproject.toml, beside 1 tool for working on code, may come in any"
            in outcome.summary
        )

    def test_packages_of_several_lists_are_said_of_none_of_them(self) -> None:
        outcome = ask({**CODE, "requirements.txt": "numpy\n", "api/requirements.txt": "scikit-learn\n"})
        assert "but 2 packages that are listed may come in any newer version" in outcome.summary
        one = ask({**CODE, "api/requirements.txt": "numpy\nscikit-learn\n", "setup.py": "setup(name='hive')\n"})
        assert "but 2 packages listed in api/requirements.txt may come in any newer version" in one.summary
        assert [each.path for each in one.evidence] == ["api/requirements.txt"]

    def test_what_one_list_pins_and_another_leaves_open_is_open(self) -> None:
        pinned, open_ = "numpy==2.2\nscikit-learn==1.6\n", "numpy\nscikit-learn==1.6\n"
        for lists in ((pinned, open_), (open_, pinned)):
            files = dict(zip(("api/requirements.txt", "web/requirements.txt"), lists, strict=True))
            assert "1 package" in ask({**CODE, **files}).summary

    def test_a_long_lock_file_is_read_by_its_names(self) -> None:
        asks = {
            "pyproject.toml": '[project]\ndependencies = ["numpy", "scikit-learn"]\n',
            "app.py": "import hiveometer\n",
        }
        filler = "".join(f'[[package]]\nname = "p{n}"\nextras = ["hiveometer"]\n' for n in range(9_000))
        lacking = ask({**CODE, **asks, "poetry.lock": filler})
        assert lacking.summary == "1 of 3 imported packages in no manifest: hiveometer"
        assert ask({**CODE, **asks, "poetry.lock": f'{filler}[[package]]\nname = "Hiveometer"\n'}).status == "passed"

    def test_what_a_lock_file_too_large_to_read_may_hold_is_not_said_to_be_listed(self) -> None:
        asks = {
            "pyproject.toml": '[project]\ndependencies = ["numpy", "scikit-learn"]\n',
            "app.py": "import hiveometer\n",
        }
        outcome = ask({**CODE, **asks, "uv.lock": "#" * 2_200_000})
        assert outcome.status == "passed"
        assert "but for hiveometer, which a lock file too large to be read may name" in outcome.summary

    def test_what_only_a_command_installs_is_named_beside_a_list(self) -> None:
        code = {**CODE, "serve.py": "import flask\nimport flask_cors\n", "run.sh": "pip install flask flask-cors\n"}
        held = ask({**code, "requirements.txt": PINNED})
        assert (held.status, "but for flask and flask_cors, which a command installs" in held.summary) == (
            "passed",
            True,
        )
        loose = ask({**code, "requirements.txt": "numpy\nscikit-learn\n"})
        assert "brought by a command and in no manifest: flask and flask_cors" in loose.summary
        assert (loose.fix or "").startswith("Add flask and flask_cors to requirements.txt.")
        assert ("serve.py", 1) in [(each.path, each.line) for each in loose.evidence]
        lacking = ask({**code, "x.py": "import hiveometer\n", "requirements.txt": PINNED})
        assert "listed nowhere: hiveometer, flask and flask_cors." in (lacking.fix or "")

    def test_a_package_that_a_command_installs_counts_wherever_it_is_imported(self) -> None:
        code = {"hive.py": "import numpy\n\ndef tunnel():\n    import pyngrok\n    import optional_thing\n"}
        readme = {"README.md": "# Hive\n\n```bash\npip install pyngrok\n```\n", "requirements.txt": "numpy==2.2\n"}
        assert "but for pyngrok, which a command installs" in ask({**code, **readme}).summary
        cell = "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'pip', 'install', '-q','pyngrok'])\n"
        notebook = json.dumps({"cells": [{"cell_type": "code", "source": cell}]})
        listed = {**code, "requirements.txt": "numpy==2.2\n", "tunnel.ipynb": notebook}
        assert "but for pyngrok, which a command installs" in ask(listed).summary

    def test_what_only_notebooks_beside_the_code_import_is_named_and_costs_nothing(self) -> None:
        cells = {"cells": [{"cell_type": "code", "source": "import numpy\nimport seaborn"}]}
        files = {**CODE, "explore.ipynb": json.dumps(cells), "requirements.txt": PINNED}
        said = "notebooks also import seaborn, which no list holds"
        outcome = ask(files)
        assert (outcome.status, outcome.score) == ("passed", 1.0)
        assert outcome.summary == f"what its modules run with is listed; {said}"
        loose = ask({**files, "requirements.txt": "numpy\nscikit-learn\n"})
        assert loose.summary.endswith(f"newer version; {said}")
        many = "".join(f"import package_{number}\n" for number in range(9))
        notebook = json.dumps({"cells": [{"cell_type": "code", "source": many}]})
        assert "package_5 and 3 more, which no list holds" in ask({**files, "explore.ipynb": notebook}).summary
        locked = ask({**files, "uv.lock": 'name = "numpy"\nname = "scikit-learn"\nname = "seaborn"\n'})
        assert "seaborn" not in locked.summary

    def test_an_empty_list_beside_a_command_is_called_empty(self) -> None:
        code = {"etl.py": "import requests\nimport hiveometer\n", "requirements.txt": "\n"}
        outcome = ask({**code, "Dockerfile": "RUN pip install requests -r requirements.txt\n"})
        assert outcome.summary == (
            "requests and hiveometer are imported, 1 of them brought by what a command installs; "
            "requirements.txt is empty"
        )
        assert [each.path for each in outcome.evidence] == ["Dockerfile", "requirements.txt"]

    @pytest.mark.parametrize("path", ["locustfile.py", "load/locustfile_spikes.py"])
    def test_a_test_of_load_needs_no_listing(self, path: str) -> None:
        files = {**CODE, path: "from locust import HttpUser\n", "requirements.txt": PINNED}
        assert ask(files).status == "passed"

    def test_what_only_tests_import_is_named_in_the_advice_alone(self) -> None:
        tests = {"tests/test_hive.py": "import pytest\nimport hiveometer\nimport hive\nfrom locust import HttpUser\n"}
        loose = ask({**CODE, **tests, "requirements.txt": "numpy\nscikit-learn\n"})
        assert (loose.fix or "").endswith("For development also list hiveometer and locust.")
        assert "hiveometer" not in loose.summary
        lacking = ask({**CODE, **tests, "requirements.txt": "numpy==2.2\n"})
        assert (lacking.fix or "").endswith(
            "listed nowhere: scikit-learn. For development also list hiveometer and locust."
        )
        within = {
            "tests/test_scale.py": "def test_it():\n"
            + "    x = 1\n" * 60
            + "    import hivescale\n\n    try:\n        import beecam\n    "
            "except ImportError:\n        beecam = None\n"
        }
        inside = ask({**CODE, **within, "requirements.txt": "numpy\nscikit-learn\n"})
        assert (inside.fix or "").endswith("For development also list hivescale.")
        held = ask({**CODE, **tests, "requirements.txt": PINNED})
        assert (held.status, held.fix) == ("passed", None)

    @pytest.mark.parametrize(
        "beside",
        [
            {"tests/requirements.txt": "hiveometer\n"},
            {".github/workflows/tests.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: pip install hiveometer\n"},
            {"tox.ini": "[testenv]\ndeps = hiveometer\n"},
            {"poetry.lock": 'name = "hiveometer"\n'},
            {"hive2.py": "import hiveometer\n"},
            {"README.md": "# Hive\n\n    pip install hive\n", "pyproject.toml": '[project]\nname = "hive"\n'},
        ],
    )
    def test_what_tests_find_elsewhere_is_not_named_for_them(self, beside: dict[str, str]) -> None:
        tests = {"tests/test_hive.py": "import hiveometer\n", "requirements.txt": "numpy\nscikit-learn\n"}
        assert "For development" not in (ask({**CODE, **tests, **beside}).fix or "")

    def test_a_library_may_leave_versions_open(self) -> None:
        files = {
            "README.md": "# Hive\n\n    pip install hive-bees\n",
            "pyproject.toml": '[project]\nname = "hive-bees"\ndependencies = ["numpy", "scikit-learn"]\n',
        }
        assert ask({**CODE, **files}).status == "passed"

    def test_an_import_in_no_manifest_is_shown_where_it_stands(self) -> None:
        outcome = ask({**CODE, "app.py": "import numpy\nimport hiveometer\n", "requirements.txt": PINNED})
        assert (outcome.status, outcome.score) == ("partial", 0.4)
        assert outcome.summary == "1 of 3 imported packages in no manifest: hiveometer"
        assert [(each.path, each.line) for each in outcome.evidence] == [("app.py", 2)]
        assert "requirements.txt" in (outcome.fix or "")

    @pytest.mark.parametrize(
        "source",
        [
            "import hive, bees.queen, helpers",
            "from . import queen",
            "import drone",
            "try:\n    import hiveometer\nexcept ImportError:\n    hiveometer = None\n",
            "def f():\n    import hiveometer\n",
            "import google.colab\nimport tomllib, distutils, urllib2",
            "import dateutil, PIL, yaml, cv2, dotenv, pythonjsonlogger",
            "from bson.objectid import ObjectId",
            "from importlib.metadata import version, PackageNotFoundError",
        ],
    )
    def test_own_optional_standard_and_brought_imports_are_innocent(self, source: str) -> None:
        asked = (
            "pandas==2.2\nmotor==3.5\npython-json-logger==3\npillow==10\nPyYAML==6\nopencv-python-headless==4.9\npython-dotenv==1\n"
            + PINNED
        )
        files = {
            **CODE,
            "src/x.py": source,
            "03_drone.py": "import drone",
            "src/helpers/y.py": "",
            "bees/queen.py": "",
            "requirements.txt": asked,
        }
        assert ask(files).status == "passed"

    @pytest.mark.parametrize(
        "path", ["tests/test_x.py", "benchmarks/x.py", "examples/x.py", "docs/conf.py", "setup.py", "{{name}}/x.py"]
    )
    def test_imports_of_tests_examples_and_build_files_need_no_listing(self, path: str) -> None:
        assert ask({**CODE, path: "import hiveometer\n", "requirements.txt": PINNED}).status == "passed"

    def test_no_list_fails_and_says_where_was_looked(self) -> None:
        outcome = ask(CODE)
        assert outcome.status == "failed"
        assert "numpy and sklearn are imported" in outcome.summary
        assert "pyproject.toml" in (outcome.searched or "")

    def test_an_empty_list_fails_and_is_shown(self) -> None:
        outcome = ask({**CODE, "requirements.txt": ""})
        assert (outcome.status, [each.path for each in outcome.evidence]) == ("failed", ["requirements.txt"])
        assert outcome.summary == "numpy and sklearn are imported, and requirements.txt is empty"
        listless = ask({**CODE, "pyproject.toml": "[tool.ruff]\nline-length = 120\n"})
        assert listless.summary == "numpy and sklearn are imported, and pyproject.toml lists none"

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("README.md", "# Hive\n\n    pip install numpy scikit-learn\n"),
            ("Dockerfile", "FROM python:3.11\nRUN pip install --no-cache-dir \\\n    numpy scikit-learn==1.5\n"),
            ("Makefile", "install:\n\t$(call within, $(PIP) install numpy)\n"),
            ("run.py", "# /// script\n# dependencies = ['numpy', 'scikit-learn']\n# ///\n"),
            ("eda.ipynb", json.dumps({"cells": [{"cell_type": "code", "source": "!pip install -q numpy"}]})),
        ],
    )
    def test_packages_installed_by_a_command_are_half(self, path: str, text: str) -> None:
        outcome = ask({**CODE, path: text})
        assert (outcome.status, outcome.score) == ("partial", 0.5)
        assert [each.path for each in outcome.evidence] == [path]

    def test_notebooks_count_where_there_are_no_modules(self) -> None:
        cells = [{"cell_type": "code", "source": "import pandas as pd\nimport hiveometer"}]
        outcome = ask({"eda.ipynb": json.dumps({"cells": cells}), "requirements.txt": "pandas==2\n"})
        assert outcome.summary == "1 of 2 imported packages in no manifest: hiveometer"

    def test_notebooks_count_beside_a_module_that_needs_nothing(self) -> None:
        notebook = json.dumps({"cells": [{"cell_type": "code", "source": "import pandas as pd\nimport hiveometer"}]})
        files = {"main.py": "print('hello')\n", "requirements.txt": "pandas==2\n", "eda.ipynb": notebook}
        assert ask(files).summary == "1 of 2 imported packages in no manifest: hiveometer"
        beside_code = {**files, "app.py": "import pandas as pd\n"}
        assert ask(beside_code).status == "passed"
        example = {"main.py": "print('hello')\n", "requirements.txt": "pandas==2\n", "examples/eda.ipynb": notebook}
        assert ask(example).status == "not_applicable"

    def test_python_beside_another_language_is_judged_where_a_manifest_asks_for_it(self) -> None:
        pages = {"web/package.json": "{}", **{f"web/a{n}.ts": "let x = 1\n" for n in range(9)}}
        code = {"api/app.py": "import flask\nimport hiveometer\n", "scripts/x.py": "import yaml\nimport hiveometer\n"}
        outcome = ask({**pages, **code, "api/requirements.txt": "flask==3.0\n"})
        assert outcome.summary == "1 of 2 imported packages in no manifest: hiveometer"
        assert [(each.path, each.line) for each in outcome.evidence] == [("api/app.py", 2)]
        assert ask({**pages, **code, "api/requirements/base.txt": "flask==3\nhiveometer==1\n"}).status == "passed"
        for manifest in ({}, {"pyproject.toml": "[tool.ruff]\n"}):
            alone = ask({**pages, **code, **manifest})
            assert alone.status == "not_applicable"
            assert alone.summary == (
                "Python only stands beside code of another language, with no list of packages of its own"
            )

    def test_a_folder_is_no_module_by_its_name_alone(self) -> None:
        load = {"hiveload/loadfile.py": "from hiveload import Queen\n", "requirements.txt": PINNED}
        assert ask({**CODE, **load}).summary == "1 of 3 imported packages in no manifest: hiveload"
        served = {"streamlit/Dockerfile": "FROM x\n", "run.py": "import streamlit\n", "requirements.txt": PINNED}
        assert ask({**CODE, **served}).summary == "1 of 3 imported packages in no manifest: streamlit"

    @pytest.mark.parametrize(
        ("said", "path"),
        [
            ("from hives import queen", "hives/queen.py"),
            ("from hives.queen import Queen", "src/hives/queen/x.py"),
            ("import hives.queen", "hives/queen.py"),
            ("from hives import Queen", "hives/__init__.py"),
            ("from hives import Queen", "lib/hives.py"),
            ("from hives import Queen", "hives/src/lib.rs"),
            ("from hives import Queen", "hives/setup.py"),
            ("from hives import queen_pb2, queen_pb2_grpc", "hives/queen.proto"),
            ("from hives import *", "hives/queen.py"),
            ("import hives", "hives/queen.py"),
        ],
    )
    def test_a_folder_that_holds_what_is_imported_is_own(self, said: str, path: str) -> None:
        files = {**CODE, "run.py": f"{said}\n", path: "", "hives/main.py": "", "requirements.txt": PINNED}
        if path == "hives/src/lib.rs":
            del files["hives/main.py"]
        assert ask(files).status == "passed"

    @pytest.mark.parametrize(
        ("files", "status"),
        [
            ({"a.R": "library(dplyr)\nlibrary(stats)\n"}, "failed"),
            ({"a.R": "library(dplyr)\n", "renv.lock": '{"Packages": {"dplyr": {}}}'}, "passed"),
            (
                {"a.R": "library(dplyr)\n", "DESCRIPTION": "Package: hive\nImports:\n    dplyr,\n    tidyr (>= 1)\n"},
                "passed",
            ),
            ({"a.R": "install.packages('dplyr')\nlibrary(dplyr)\n"}, "partial"),
            ({"a.jl": "using DataFrames\n"}, "failed"),
            ({"a.jl": "using DataFrames\n", "Project.toml": '[deps]\nDataFrames = "x"\n'}, "passed"),
        ],
    )
    def test_r_and_julia_need_a_manifest(self, files: dict[str, str | bytes], status: str) -> None:
        assert ask(files).status == status

    @pytest.mark.parametrize(
        "files",
        [
            {},
            {"hive.py": "import os, json\n"},
            {"README.md": "# Bees"},
            {"app.ts": "import x from 'react'\n"},
            {
                "scripts/x.py": "import hiveometer\n",
                "package.json": "{}",
                **{f"web/a{n}.ts": "let x = 1\n" for n in range(9)},
            },
        ],
    )
    def test_where_nothing_is_needed_it_does_not_apply(self, files: dict[str, str | bytes]) -> None:
        assert ask(files).status == "not_applicable"

    def test_what_only_tests_and_examples_need_is_not_denied(self) -> None:
        for path in ("tests/test_hive.py", "examples/hive.py"):
            outcome = ask({"hive.py": "import os\n", path: "import hiveometer\n"})
            assert (outcome.status, "outside tests and examples" in outcome.summary) == ("not_applicable", True)

    def test_what_could_not_be_read_is_unknown(self) -> None:
        assert ask({}, unread={"hive.py": "gone"}).status == "unknown"
        assert ask(CODE, unread={"requirements.txt": "gone"}).status == "unknown"
        assert ask({**CODE, "pyproject.toml": "[["}).status == "unknown"
        assert ask({**CODE, "setup.py": "setup(install_requires=worked_out())\n"}).status == "unknown"
        settings = "cfg.read('settings.ini')\nrequirements = ['pip']\nrequirements += cfg['requirements'].split()\n"
        assert ask({**CODE, "setup.py": settings}).status == "unknown"
        assert ask({"hive.py": CODE["hive.py"]}, unread={"b.py": "gone"}).status == "unknown"
        assert run_check("dependencies-declared", None).status == "unknown"

    def test_a_hostile_manifest_proves_nothing_and_costs_little(self) -> None:
        hostile: dict[str, str | bytes] = {
            "requirements.txt": "a" * 200_000 + "\n" + "[" * 50_000,
            "setup.py": "x = [" * 20_000 + "'" * 9_999,
            "DESCRIPTION": "Imports:\n" + " \n" * 90_000,
            "environment.yml": "a: &a [*a]",
            "package.json": "[" * 5_000,
            "README.md": "pip install " * 20_000,
        }
        assert ask({**CODE, **hostile}).status in ("partial", "unknown", "failed")


class TestLicence:
    @pytest.mark.parametrize("path", ["LICENSE", "licence.md", "COPYING", "LICENSES/MIT.txt", "LICENCIA.md"])
    def test_a_file_at_the_root_passes(self, path: str) -> None:
        outcome = run_check("licence-present", {**CODE, path: MIT})
        assert (outcome.status, [each.path for each in outcome.evidence]) == ("passed", [path])
        assert "MIT" in outcome.summary

    def test_its_text_in_the_readme_passes(self) -> None:
        readme = "# Hive\n" + "Counts bees. " * 60 + "\n\n## MIT License\n\n" + MIT
        assert run_check("licence-present", {**CODE, "README.md": readme}).status == "passed"

    def test_the_beginning_of_its_text_in_the_readme_does_not(self) -> None:
        readme = "# Hive\n" + "Counts bees, provided by hives. " * 30 + "\n\n## MIT License\n\n" + MIT[:80] + "...\n"
        outcome = run_check("licence-present", {**CODE, "README.md": readme})
        assert (outcome.status, outcome.summary[:12]) == ("partial", "MIT is named")

    @pytest.mark.parametrize(
        ("path", "text", "line"),
        [
            ("README.md", "# Hive\n\nReleased under the MIT License.\n", 3),
            ("README.md", "# Hive\n\n## License\n\nApache 2.0\n", 5),
            ("README.md", "# Hive\n\n## Lizenz\n\nMIT\n", 5),
            ("README.md", "# Hive\n\n## 许可证\n\nMIT\n", 5),
            ("pyproject.toml", '[project]\nlicense = {text = "MIT"}\n', 2),
            ("package.json", '{\n  "license": "ISC"\n}', 2),
            ("DESCRIPTION", "Package: hive\nLicense: GPL-3\n", 2),
        ],
    )
    def test_a_name_alone_is_most_of_it(self, path: str, text: str, line: int) -> None:
        outcome = run_check("licence-present", {**CODE, path: text})
        assert (outcome.status, outcome.score) == ("partial", 0.6)
        assert [(each.path, each.line) for each in outcome.evidence] == [(path, line)]

    def test_a_licence_in_a_folder_is_most_of_it(self) -> None:
        assert run_check("licence-present", {**CODE, "backend/LICENSE": MIT}).status == "partial"

    @pytest.mark.parametrize(
        "files",
        [
            {},
            {"LICENSE": ""},
            {"README.md": "# Hive\n\n## License\n\nAdd your preferred license here.\n"},
            {"README.md": "# Hive\n\nCounts plates; ask MIT for the licence plates.\n".replace("licence", "number")},
            {"node_modules/a/LICENSE": MIT},
        ],
    )
    def test_without_one_it_fails_and_says_where_was_looked(self, files: dict[str, str | bytes]) -> None:
        outcome = run_check("licence-present", {**CODE, **files})
        assert outcome.status == "failed"
        assert "the root among" in (outcome.searched or "")

    def test_without_code_there_is_nothing_to_license(self) -> None:
        assert run_check("licence-present", {"README.md": "# Hive"}).status == "not_applicable"

    def test_an_unread_readme_may_name_one(self) -> None:
        assert run_check("licence-present", CODE, unread={"README.md": "gone"}).status == "unknown"
        assert run_check("licence-present", {**CODE, "LICENSE": MIT}, unread={"README.md": "gone"}).status == "passed"
        assert run_check("licence-present", CODE, unread={"LICENSE": "gone"}).status == "passed"
        assert run_check("licence-present", CODE, unread={"hive2.py": "gone"}).status == "failed"
        assert run_check("licence-present", None).status == "unknown"

    def test_a_hostile_readme_names_none(self) -> None:
        hostile = "# License\n" + "licence = " * 20_000 + "\n" * 20_000
        assert (
            run_check("licence-present", {**CODE, "README.md": hostile, "package.json": "{" * 9_000}).status == "failed"
        )


@pytest.mark.parametrize(
    "line",
    ["Choose a licence and add it (e.g. MIT).", "Escolha uma licença (ex.: MIT). Atualmente não há licença explícita."],
)
def test_a_licence_that_is_still_to_be_chosen_is_none(line: str) -> None:
    assert run_check("licence-present", {**CODE, "README.md": f"# Hive\n\n## Licence\n\n{line}\n"}).status == "failed"


def test_a_blank_licence_is_none() -> None:
    assert run_check("licence-present", {**CODE, "LICENSE": "\n"}).status == "failed"


def test_a_name_to_fill_in_is_no_package_to_list() -> None:
    tests = {"tests/test_a.py": "import pytest\nfrom your_module import count\n"}
    outcome = run_check("dependencies-declared", {**CODE, **tests, "requirements.txt": "numpy\nscikit-learn\n"})
    assert "your_module" not in (outcome.fix or "")


def test_a_list_of_one_package_that_cannot_be_installed_is_not_called_complete() -> None:
    alone = run_check("dependencies-declared", {"a.py": "import sklearn\n", "requirements.txt": "sklearn\n"})
    assert "asks for sklearn, whose installation fails" in alone.summary
    assert "0 packages" not in alone.summary
    both = run_check("dependencies-declared", {"a.py": "import sklearn, bees\n", "requirements.txt": "sklearn\nbees\n"})
    assert "what else it runs with is covered, but 1 package" in both.summary


def test_a_file_about_a_package_does_not_stand_for_it() -> None:
    files = {"app_gradio.py": "import gradio\nimport numpy\n", "requirements.txt": "numpy==2.0\n"}
    assert "gradio" in run_check("dependencies-declared", files).summary
    numbered = {"a.py": "import bees\nimport numpy\n", "03_bees.py": "x = 1\n", "requirements.txt": "numpy==2.0\n"}
    assert "bees" not in run_check("dependencies-declared", numbered).summary
