"""Continuous integration, containers, licence and manifests, each with the place that shows it."""

from typing import Any

import msgspec
import pytest

from portfolio_audit.facts.licence import identify
from portfolio_audit.facts.tooling import Tooling
from portfolio_audit.testing import make_tree


def tooling(files: Any, **options: Any) -> Any:
    return Tooling.distil(make_tree(files, **options))


def workflow(run: Any, on: Any = "push") -> Any:
    head = f"on: {on}\njobs:\n  all:\n    runs-on: ubuntu-latest\n    steps:\n"
    return f"{head}      - uses: actions/checkout@v4\n      - run: {run}\n"


def runs(run: Any, files: Any = None, path: Any = ".github/workflows/ci.yml") -> Any:
    return tooling({path: workflow(run), **(files or {})}).runs


class TestWorkflows:
    def test_each_purpose_is_shown_where_its_own_command_stands(self) -> None:
        (found,) = tooling({".github/workflows/ci.yml": workflow("pytest -q") + "      - run: fly deploy\n"}).workflows
        assert [(purpose, found.place(purpose).line) for purpose in found.runs] == [("test", 7), ("deploy", 8)]

    @pytest.mark.parametrize(
        ("run", "purposes"),
        [
            ("pytest -q", ("test",)),
            ("uv run --group dev python -m coverage run --branch -m pytest bees", ("test",)),
            ("PYTHONPATH=. poetry run pytest && ruff check .", ("test", "lint")),
            ("cd web && npm run test", ("test",)),
            ("python scripts/integration-tests.py", ("test",)),
            ("./gradlew build", ("test",)),
            ("pixi run --frozen -e dev tests", ("test",)),
            ("mypy bees", ("type-check",)),
            ("terraform apply -auto-approve", ("deploy",)),
            ("git push https://ada@huggingface.co/spaces/ada/hive main", ("deploy",)),
            ("twine upload dist/*", ("publish",)),
            ("echo pytest", ("echo",)),
            ("'echo hello; ls -l'", ("echo",)),
            ("pip install pytest ruff mypy", ()),
            ("python bees.py", ()),
            ("test -f bees.csv", ()),
            ("test $HIVE = full", ()),
            ("uv run test -q", ("test",)),
        ],
    )
    def test_what_the_commands_do(self, run: Any, purposes: Any) -> None:
        assert runs(run) == purposes

    def test_targets_of_make_are_looked_up(self) -> None:
        makefile = "check: lint\n\tpytest tests\nlint:\n\truff check .\nnothing:\n\techo done\n"
        assert runs("make check", {"Makefile": makefile}) == ("test", "lint")
        assert "test" not in runs("make nothing", {"Makefile": makefile})

    def test_scripts_of_package_json_are_looked_up(self) -> None:
        assert runs("npm run verify", {"web/package.json": '{"scripts": {"verify": "vitest run && tsc"}}'}) == (
            "test",
            "type-check",
        )

    def test_a_makefile_that_turns_in_circles_ends(self) -> None:
        assert runs("make a", {"Makefile": "a: b\n\tmake b\nb: a\n\tmake a\n"}) == ()

    def test_actions_count_as_what_they_do(self) -> None:
        text = "on: push\njobs:\n  p:\n    steps:\n      - uses: pypa/gh-action-pypi-publish@release/v1\n"
        assert tooling({".github/workflows/p.yml": text}).runs == ("publish",)

    def test_a_command_over_several_lines_has_its_first_line_and_its_words(self) -> None:
        text = workflow("|\n          gcloud compute ssh hive \\\n            --quiet")
        found = tooling({".github/workflows/a.yml": text}).workflows[0]
        assert (found.runs, found.place("deploy").line) == (("deploy",), 8)
        assert [command.split() for command in found.commands] == ["gcloud compute ssh hive --quiet".split()]

    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    def test_the_evidence_is_the_line_of_the_test(self, newline: Any) -> None:
        text = workflow("pytest -q").replace("\n", newline)
        (found,) = tooling({".github/workflows/ci.yml": text}).workflows
        assert (found.location.line, found.command) == (7, "pytest -q")

    def test_a_schedule_is_told(self) -> None:
        (found,) = tooling(
            {".github/workflows/n.yml": workflow("pytest", "{schedule: [{cron: '0 0 * * *'}]}")}
        ).workflows
        assert found.trigger == "schedule"

    @pytest.mark.parametrize(
        ("path", "text", "system"),
        [
            (".gitlab-ci.yml", "test:\n  script:\n    - pytest\n", "GitLab CI"),
            (".travis.yml", "language: go\n", "Travis CI"),
            (".circleci/config.yml", "jobs:\n  t:\n    steps:\n      - run:\n          command: pytest\n", "CircleCI"),
            ("azure-pipelines.yml", "steps:\n- script: |\n    pytest\n", "Azure Pipelines"),
            ("Jenkinsfile", "pipeline { stages { stage('t') { steps { sh 'pytest' } } } }", "Jenkins"),
        ],
    )
    def test_other_systems(self, path: Any, text: Any, system: Any) -> None:
        found = tooling({path: text})
        assert (found.workflows[0].system, found.runs) == (system, ("test",))

    @pytest.mark.parametrize(
        "path", ["docs/.github/workflows/ci.yml", ".github/workflows/old/ci.yml", ".github/ci.yml", "ci.yml"]
    )
    def test_a_file_that_no_service_reads_is_none(self, path: Any) -> None:
        assert tooling({path: workflow("pytest")}).workflows == ()

    @pytest.mark.parametrize(
        "text",
        [
            "a: &a [*a]",
            "[" * 3_000,
            "on: [push",
            "",
            "null",
            "- 1\n- 2\n",
            "jobs: 3\non: 4\n",
            "on:\n  schedule: x\njobs: {a: {steps: [1, null, {run: 5}]}}",
        ],
    )
    def test_a_hostile_or_broken_file_is_there_but_says_nothing(self, text: Any) -> None:
        found = tooling({".github/workflows/ci.yml": text})
        assert len(found.workflows) == 1
        assert found.runs == ()

    def test_an_unread_file_makes_the_fact_incomplete(self) -> None:
        found = tooling({"a.py": "x = 1\n"}, unread={".github/workflows/ci.yml": "gone"})
        assert found.workflows[0].readable is False
        assert found.incomplete == "1 of 1 CI files"


DOCKER = "# syntax=docker/dockerfile:1\nARG V=3\nFROM python:${V}\nRUN pip install bees\n"
COMPOSE = "services:\n  hive:\n    build: .\n"


class TestContainers:
    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("Dockerfile", DOCKER),
            ("dockerfile", DOCKER),
            ("deploy/Dockerfile.prod", DOCKER),
            ("api.Dockerfile", DOCKER),
            ("Containerfile", DOCKER),
            ("installation/deployment", DOCKER),
            ("docker-compose.yml", COMPOSE),
            ("infra/compose.yaml", COMPOSE),
            ("docker-compose.dev.yml", COMPOSE),
        ],
    )
    def test_under_any_name(self, path: Any, text: Any) -> None:
        found = tooling({path: text}).own_containers
        assert [container.location.path for container in found] == [path]

    def test_the_line_is_that_of_the_image(self) -> None:
        assert tooling({"Dockerfile": DOCKER}).own_containers[0].location.line == 3

    @pytest.mark.parametrize(
        "service",
        [
            "    build: .\n",
            "    image: python:3\n    volumes:\n      - ./hive:/app\n    command: python /app/count.py\n",
            "    image: python:3\n    volumes:\n      - type: bind\n        source: .\n        target: /app\n",
            "    image: apache/airflow:2\n    volumes:\n      - ${HIVE_DIR:-.}/hive:/opt/hive\n",
            "    image: ${REGISTRY}/hive:${TAG}\n",
            "    image: hive-counter:latest\n",
            "    image: kim/hive:1\n",
            "    image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/hive:latest\n",
            "    extends: base\n",
        ],
    )
    def test_compose_is_the_projects_if_a_service_is_built_or_runs_its_code(self, service: Any) -> None:
        beside = {"hive/count.py": "print(1)\n", "Makefile": "image:\n\tdocker build -t kim/hive .\n"}
        found = tooling({"compose.yml": "services:\n  db:\n    image: postgres\n  a:\n" + service, **beside})
        assert [container.use for container in found.containers] == ["project"]

    @pytest.mark.parametrize(
        "service",
        [
            "    image: apache/kafka:3.8.0\n",
            "    image: postgres:${PG_VERSION}\n    volumes:\n      - ./sql/init.sql:/initdb/a.sql\n",
            "    image: ${IMAGE:-pgvector/pgvector:pg16}\n    volumes:\n      - data:/var/lib\n      - ./data:/data\n",
            "    image: python:3\n    volumes:\n      - ../hive:/app\n",
        ],
    )
    def test_compose_that_starts_third_party_images_packs_nothing(self, service: Any) -> None:
        beside = {"hive/count.py": "print(1)\n", "sql/init.sql": "select 1;\n", "data/a.csv": "a\n1\n"}
        found = tooling({"compose.yml": "services:\n  a:\n" + service, **beside})
        assert [container.use for container in found.containers] == ["services"]
        assert found.own_containers == ()

    def test_a_dockerfile_that_copies_the_project_is_shown_before_one_that_does_not(self) -> None:
        found = tooling({"Dockerfile.mlflow": DOCKER, "Dockerfile.model": DOCKER + "COPY . .\n"}).own_containers
        assert [container.location.path for container in found] == ["Dockerfile.model", "Dockerfile.mlflow"]

    def test_what_a_dockerfile_asks_for_and_the_repository_does_not_have_is_noted(self) -> None:
        text = "FROM python:3\nCOPY /hive .\nRUN pip install -r requirements.txt\n"
        found = tooling({"Dockerfile": text, "count.py": "print(1)\n"}).own_containers[0]
        assert found.location.note == "asks for hive and requirements.txt, which are not in the repository"

    @pytest.mark.parametrize(
        ("text", "files", "lacking"),
        [
            ("COPY web/package.json .\nCOPY . .\n", {}, "web/package.json"),
            ("COPY web/package.json .\nCOPY . .\n", {"package.json": "{}"}, "web/package.json"),
            ("COPY web/package.json .\nCOPY . .\n", {"front/web/package.json": "{}"}, ""),
            ("COPY requirements.txt .\nCOPY . .\n", {}, ""),
            ("COPY web/bees.json .\nCOPY . .\n", {}, ""),
            ("COPY web/requirements.txt .\nCOPY . .\n", {"web/requirements.in": "numpy\n"}, ""),
            ("COPY web/requirements.txt .\nCOPY . .\n", {"uv.lock": ""}, ""),
            ("RUN pip freeze\nCOPY web/requirements.txt .\nCOPY . .\n", {}, ""),
        ],
    )
    def test_a_list_of_packages_is_missed_beside_a_copy_of_everything(
        self, text: Any, files: Any, lacking: Any
    ) -> None:
        found = tooling({"Dockerfile": "FROM node:20\n" + text, "count.py": "print(1)\n", **files}).own_containers[0]
        said = f"asks for {lacking}, which is not in the repository"
        assert found.location.note == (said if lacking else "")

    @pytest.mark.parametrize(
        "text",
        [
            "COPY . .\n",
            "COPY hive/count.py .\n",
            "COPY other hive ./\n",
            "COPY target/app.jar app.jar\n",
            "COPY --from=base /wheels /wheels\n",
            'COPY ["count*.py", "/app/"]\n',
            "ADD https://hives.example/a.tgz /a\n",
            "COPY hive/count.py requirements.txt\nRUN pip install -r requirements.txt\n",
            "RUN poetry export -o requirements.txt && pip install -r requirements.txt\n",
        ],
    )
    def test_what_is_there_or_may_be_made_before_is_no_fault(self, text: Any) -> None:
        found = tooling({"api/Dockerfile": "FROM python:3\n" + text, "api/hive/count.py": "print(1)\n"})
        assert found.own_containers[0].location.note == ""

    def test_a_file_that_compose_names_is_one(self) -> None:
        compose = "services:\n  api:\n    build:\n      context: ./api\n      dockerfile: build.img\n"
        found = tooling({"compose.yml": compose, "api/build.img": DOCKER}).own_containers
        assert {container.location.path for container in found} == {"compose.yml", "api/build.img"}

    @pytest.mark.parametrize(
        ("path", "text", "use"),
        [
            (".devcontainer/Dockerfile", DOCKER, "workbench"),
            ("service/integration-tests/docker-compose.yaml", COMPOSE, "test"),
            ("tests/Dockerfile", DOCKER, "test"),
            ("_examples/web/Dockerfile", DOCKER, "example"),
        ],
    )
    def test_those_of_a_workbench_a_test_or_an_example_are_told_apart(self, path: Any, text: Any, use: Any) -> None:
        found = tooling({path: text})
        assert found.own_containers == ()
        assert [container.use for container in found.containers] == [use]

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("Dockerfile.md", "# How the Dockerfile works\n"),
            ("editor/snippets/dockerfile.js", "module.exports = 1\n"),
            ("NOTES", "FROM the hive to the jar\n"),
            ("compose.yml", "title: a letter\n"),
            ("Dockerfile", ""),
            ("node_modules/x/Dockerfile", DOCKER),
            (".dockerignore", "*.pyc\n"),
        ],
    )
    def test_what_only_looks_like_one_is_none(self, path: Any, text: Any) -> None:
        assert tooling({path: text}).containers == ()


MIT = 'Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal. The above copyright notice and this permission notice shall be included in all copies. THE SOFTWARE IS PROVIDED "AS IS"'  # noqa: E501


class TestLicence:
    @pytest.mark.parametrize(
        "path",
        [
            "LICENSE",
            "LICENCE.md",
            "license.txt",
            "COPYING",
            "UNLICENSE",
            "LICENSE-MIT",
            "MIT-LICENSE",
            "LICENSES/MIT.txt",
        ],
    )
    def test_under_any_name_at_the_root(self, path: Any) -> None:
        found = tooling({path: MIT}).licence
        assert (found.location.path, found.spdx) == (path, "MIT")

    @pytest.mark.parametrize(
        "path",
        ["src/LICENSE", "license.py", "LICENSE_PLATE.md", "licensing_model.ipynb", "docs/license.md", "vendor/LICENSE"],
    )
    def test_elsewhere_or_otherwise_it_is_none(self, path: Any) -> None:
        assert tooling({path: MIT}).licence is None

    def test_an_empty_one_is_none(self) -> None:
        assert tooling({"LICENSE": ""}).licence is None

    def test_an_unread_one_is_there_but_nameless(self) -> None:
        found = tooling({}, unread={"LICENSE": "gone"}).licence
        assert (found.location.path, found.spdx) == ("LICENSE", None)

    @pytest.mark.parametrize(
        ("text", "spdx"),
        [
            (MIT, "MIT"),
            ("Apache License\n   Version 2.0, January 2004", "Apache-2.0"),
            ("GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007", "GPL-3.0"),
            ("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3", "AGPL-3.0"),
            (
                "Redistributions in binary form must reproduce the above copyright notice. Neither the name of",
                "BSD-3-Clause",
            ),
            ("Redistributions in binary form must reproduce the above copyright notice.", "BSD-2-Clause"),
            ("Released under the MIT License.", "MIT"),
            ("All rights reserved by Ada, who keeps bees.", "other"),
        ],
    )
    def test_the_common_texts_are_recognised(self, text: Any, spdx: Any) -> None:
        assert identify(text) == spdx

    def test_a_text_that_was_cut_is_no_other_licence(self) -> None:
        asked = MIT.partition(" The above")[0]
        assert identify(f"MIT License. {asked}... Weather provided by Hives.") == "MIT"
        assert identify(f'{asked} THE SOFTWARE IS PROVIDED "AS IS"') == "MIT-0"


class TestManifests:
    @pytest.mark.parametrize(
        ("path", "text", "name", "line", "pinned"),
        [
            ("requirements.txt", "# x\r\nStreamlit==1.30.0 ; python_version>'3'\r\n", "streamlit", 2, True),
            ("requirements/dev.in", "fast_api[all]>=0.1\n", "fast-api", 1, False),
            ("pyproject.toml", '[project]\nname="hive"\ndependencies = [\n  "torch>=2",\n]\n', "torch", 4, False),
            ("pyproject.toml", '[tool.poetry.dependencies]\npython="^3.11"\ntorch = "^2.0"\n', "torch", 3, False),
            ("environment.yml", "dependencies:\n  - numpy=1.26\n  - pip:\n      - torch==2.1.0\n", "torch", 4, True),
            ("package.json", '{\n "dependencies": {\n  "react": "^18"\n }\n}', "react", 3, False),
            (
                "go.mod",
                "module example.org/hive\n\nrequire (\n\tgithub.com/bees/hive v1.2.3\n)\n",
                "github.com/bees/hive",
                4,
                True,
            ),
            ("Cargo.toml", '[package]\nname="hive"\n[dependencies]\nndarray = "0.15"\n', "ndarray", 4, True),
            ("setup.py", "setup(\n  install_requires=[\n    'pandas>=2',\n  ],\n)\n", "pandas", 3, False),
            ("Pipfile", '[packages]\nflask = "*"\n', "flask", 2, False),
        ],
    )
    def test_what_they_ask_for_and_where(self, path: Any, text: Any, name: Any, line: Any, pinned: Any) -> None:
        (manifest,) = tooling({path: text}).manifests.files
        package = next(package for package in manifest.packages if package.name == name)
        assert (package.line, package.pinned) == (line, pinned)

    def test_a_manifest_that_cannot_be_read_is_still_there(self) -> None:
        (manifest,) = tooling({"pyproject.toml": "[[["}).manifests.files
        assert manifest.packages == ()

    def test_locks_are_found(self) -> None:
        assert tooling({"uv.lock": "x", "web/package-lock.json": "{}"}).manifests.locks == (
            "uv.lock",
            "web/package-lock.json",
        )


def test_a_large_tree_makes_a_small_fact() -> None:
    files = {f"p{n}/requirements.txt": "".join(f"package{m}==1.0\n" for m in range(300)) for n in range(100)}
    files |= {f".github/workflows/w{n}.yml": workflow("pytest") for n in range(100)} | {
        f"d{n}/Dockerfile": DOCKER for n in range(100)
    }
    assert len(msgspec.json.encode(tooling(files))) < 120_000
