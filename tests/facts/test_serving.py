"""Interfaces, frontends and deployments beyond the usual web frameworks."""

import pytest

from portfolio_audit.facts.serving import Serving
from portfolio_audit.testing import make_tree

HANDLER = "def {}(event, context):\n    return score(event{})\n"
SVELTE = '{"devDependencies": {"@sveltejs/kit": "2", "svelte": "5"}}'


def parts(files: dict[str, str]) -> tuple[list[str], list[str], list[str]]:
    found = Serving.distil(make_tree(files))
    api, frontend, deployed = (
        [part.name for part in each] for each in (found.api, found.frontend, found.deploy_config)
    )
    return api, frontend, deployed


@pytest.mark.parametrize(
    ("files", "api"),
    [
        ({"score/function.json": '{"bindings": [{"type": "httpTrigger"}]}\n'}, "Azure Functions"),
        ({"function_app.py": "import azure.functions as func\napp = func.FunctionApp()\n"}, "Azure Functions"),
        (
            {"main.py": "import functions_framework\n\n@functions_framework.http\ndef score(x):\n    return '1'\n"},
            "Google Cloud Functions",
        ),
        ({"hives.py": HANDLER.format("handler", "['hive']")}, "AWS Lambda handler"),
        ({"hives.py": "from flask_openapi3 import OpenAPI\napp = OpenAPI(__name__)\n"}, "Flask"),
        ({"hives.py": HANDLER.format("lambda_handler", "['hive']")}, "AWS Lambda handler"),
        ({"src/hives.rs": "use axum::{routing::get, Router};\n"}, "Axum"),
        ({"main.go": "package main\nfunc main() { e := echo.New() }\n"}, "Echo"),
        ({"routes/api.php": "<?php\nuse Illuminate\\Support\\Facades\\Route;\nRoute::post('/score');\n"}, "Laravel"),
        (
            {"package.json": SVELTE, "src/routes/score/+server.ts": "export const POST = () => {}\n"},
            "SvelteKit endpoint",
        ),
        ({"netlify/functions/score.js": "exports.handler = async () => ({})\n"}, "Netlify function"),
    ],
)
def test_what_answers_requests_is_an_api(files: dict[str, str], api: str) -> None:
    assert parts(files)[0] == [api]


@pytest.mark.parametrize(
    "files",
    [
        {"score/function.json": '{"bindings": [{"type": "timerTrigger"}]}\n'},
        {"hives.py": HANDLER.format("lambda_handler", "['Records'][0]")},
        {"hives.py": "def lambda_handler(event, context):\n    load()\n    return 1\n\n\ndef f(event): ...\n"},
        {"hives.py": "def handler(sender, instance):\n    return 1\n"},
        {"hives.py": HANDLER.format("ingest", "['hive']")},
        {"src/routes/score/+server.ts": "export const POST = () => {}\n"},
        {"api/hives.ts": "export const hives = []\n"},
        {"examples/function.json": '{"type": "httpTrigger"}\n'},
    ],
)
def test_what_answers_nobody_is_none(files: dict[str, str]) -> None:
    assert parts(files)[0] == []


def test_a_handler_of_records_that_answers_with_a_status_is_an_api() -> None:
    text = HANDLER.format("lambda_handler", ".get('Records')") + "OK = {'statusCode': 200}\n"
    assert parts({"hives.py": text})[0] == ["AWS Lambda handler"]


@pytest.mark.parametrize(
    ("files", "frontend"),
    [
        ({"lib/main.dart": "void main() => runApp(const Hives());\n"}, "Flutter"),
        ({"app/src/main/java/Hives.kt": "override fun onCreate() { setContentView(R.layout.hives) }\n"}, "Android"),
        ({"Hives/App.swift": "struct Hives: App { var body: some Scene { WindowGroup { } } }\n"}, "SwiftUI"),
        ({"app.py": "import gradio as gr\ngr.load('models/bees/hive').launch()\n"}, "Gradio"),
        ({"hives.R": "library(shiny)\nshinyUI(fluidPage())\n"}, "Shiny"),
    ],
)
def test_what_people_touch_is_a_frontend(files: dict[str, str], frontend: str) -> None:
    assert parts(files)[1] == [frontend]


@pytest.mark.parametrize(
    ("files", "deployed"),
    [
        ({"bentofile.yaml": "service: 'service:svc'\n"}, "BentoML"),
        ({"hives.py": "import modal\napp = modal.App('hives')\n"}, "Modal"),
        ({"serving/hives.yaml": "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\n"}, "Kubernetes"),
        (
            {"host.json": '{"extensionBundle": {"id": "Microsoft.Azure.Functions.ExtensionBundle"}}\n'},
            "Azure Functions",
        ),
    ],
)
def test_what_places_it_elsewhere_is_a_deployment(files: dict[str, str], deployed: str) -> None:
    assert parts(files)[2] == [deployed]


def test_a_phone_app_is_not_reached_at_an_address() -> None:
    assert not Serving.distil(make_tree({"lib/main.dart": "void main() => runApp(const Hives());\n"})).hosted


@pytest.mark.parametrize("text", ["runApp(" * 20_000, "{" * 60_000, "\0" * 60_000])
def test_hostile_files_end(text: str) -> None:
    names = ("lib/main.dart", "a/function.json", "host.json", "routes/api.php", "b/hives.yaml", "src/+server.ts")
    Serving.distil(make_tree(dict.fromkeys(names, text)))
