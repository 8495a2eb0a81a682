"""Serving parts, and links to running instances joined with what opening them showed."""

from typing import Any

import pytest

from portfolio_audit.facts.deployment import Deployment, links_to_open
from portfolio_audit.facts.serving import Serving
from portfolio_audit.snapshot import Deployment as Recorded
from portfolio_audit.snapshot import Details, Owner, Probe, RepositoryRecord, Snapshot
from portfolio_audit.testing import make_repository, make_tree

APP = {"app.py": "import gradio as gr\n\ngr.Interface(None).launch()\n"}


def repository(files: Any, *, homepage: Any = None, deployments: Any = (), probes: Any = ()) -> Any:
    record = RepositoryRecord(
        id="1", name="hive", full_name="ada/hive", homepage=homepage, details=Details(deployments=tuple(deployments))
    )
    answers = {url: Probe(url, state, "HTTP 200", "2026-03-01T00:00:00Z") for url, state in probes}
    snapshot = Snapshot(mode="authenticated", scope="portfolio", owner=Owner("User", "ada"), probes=answers)
    return make_repository(files, record=record, snapshot=snapshot)


def links(files: Any, **options: Any) -> Any:
    return [(link.url, link.where, link.status) for link in repository(files, **options).fact(Deployment).links]


def test_what_a_visitor_sees_comes_first_and_nothing_twice() -> None:
    files = {
        "README.md": "# Hive\n\nDemo: https://hive.streamlit.app/\n",
        "vercel.json": '{"x": "https://hive.up.railway.app"}',
        "src/api.ts": "fetch('https://hive-api.onrender.com')",
        **APP,
    }
    found = links(
        files,
        homepage="https://HIVE.streamlit.app",
        deployments=[Recorded("production", "ACTIVE", "https://hive-9.vercel.app")],
        probes=[("https://hive.streamlit.app/", "live")],
    )
    assert found == [
        ("https://hive.streamlit.app/", "readme", "live"),
        ("https://hive-9.vercel.app", "config", None),
        ("https://hive.up.railway.app", "config", None),
        ("https://hive-api.onrender.com", "code", None),
    ]


@pytest.mark.parametrize(
    ("homepage", "files", "counts"),
    [
        ("https://hive.fly.dev", {}, True),
        ("hive.fly.dev", {}, True),
        ("https://hive.org", APP, True),
        ("https://hive.org", {}, False),
        ("https://ada.github.io/hive", APP, True),
        ("https://ada.github.io/hive", {**APP, "mkdocs.yml": "site_name: x"}, False),
        ("https://hive.readthedocs.io", APP, False),
        ("https://pypi" + ".org/project/hive", APP, False),
        ("https://youtu.be/x", APP, False),
        ("https://medium.com/@ada", APP, False),
        ("https://your-app.vercel.app", APP, False),
        ("http://localhost:3000", APP, False),
        ("javascript:alert(1)", APP, False),
        ("https://[", APP, False),
        (" ", APP, False),
    ],
)
def test_when_a_homepage_is_a_running_instance(homepage: Any, files: Any, counts: Any) -> None:
    assert bool(links({"a.txt": "x", **files}, homepage=homepage)) is counts


@pytest.mark.parametrize("state", ["FAILURE", "ERROR", "DESTROYED"])
def test_a_deployment_that_ended_is_no_link(state: Any) -> None:
    assert links(APP, deployments=[Recorded("production", state, "https://hive.vercel.app")]) == []


def test_at_most_ten_links_are_worth_opening_the_most_promising_first() -> None:
    text = "# Hive\n\n" + "\n".join(f"- Demo: https://hive{n}.fly.dev" for n in range(30))
    urls = links_to_open(repository({"README.md": text}))
    assert len(urls) == 10
    assert urls[0] == "https://hive0.fly.dev"


def test_a_link_is_found_although_the_files_were_not_read() -> None:
    assert links(None, homepage="https://hive.fly.dev") == [("https://hive.fly.dev", "homepage", None)]


def serving(files: Any) -> Any:
    found = Serving.distil(make_tree(files))
    return tuple([part.name for part in parts] for parts in (found.api, found.frontend, found.deploy_config))


@pytest.mark.parametrize(
    ("files", "parts"),
    [
        ({"api.py": "from fastapi import FastAPI\napp = FastAPI()\n"}, (["FastAPI"], [], [])),
        (
            {"api.py": "import flask\napp = flask.Flask(__name__)\n", "templates/i.html": "<form>"},
            (["Flask"], ["Flask HTML templates"], []),
        ),
        (
            {"f.py": "def lambda_handler(event, context):\n    return event\n"},
            (["AWS Lambda handler"], [], []),
        ),
        ({"app.py": "import streamlit as st\nst.title('x')\n"}, ([], ["Streamlit"], [])),
        ({"ui.py": "import gradio as gr\nwith gr.Blocks() as demo:\n    pass\n"}, ([], ["Gradio"], [])),
        ({"app.R": "library(shiny)\nshinyApp(ui, server)\n"}, ([], ["Shiny"], [])),
        (
            {"web/package.json": '{"dependencies": {"react": "18"}}', "web/src/A.tsx": "import React from 'react'\n"},
            ([], ["React"], []),
        ),
        (
            {"package.json": '{"dependencies": {"express": "4"}}', "server.js": "const e = require('express')\n"},
            (["Express"], [], []),
        ),
        (
            {"api/server.ts": "import express, { Express } from 'express'\nconst app = express()\n"},
            (["Express"], [], []),
        ),
        (
            {
                "package.json": '{"dependencies": {"next": "15", "react": "19"}}',
                "src/app/api/chat/route.ts": "import { NextResponse } from 'next/server'\n",
                "src/app/page.tsx": "import Link from 'next/link'\nexport default () => <Link href='/'>x</Link>\n",
            },
            (["Next.js API route"], ["Next.js"], []),
        ),
        (
            {
                "package.json": '{"dependencies": {"next": "15"}}',
                "pages/api/auth/[...nextauth].ts": "import NextAuth from 'next-auth'\n",
                "pages/index.tsx": "import Link from 'next/link'\n",
            },
            ([], ["Next.js"], []),
        ),
        ({"index.php": "<?php ?>\n<form action='predict.php'></form>\n"}, ([], ["PHP pages"], [])),
        ({"main.go": 'package main\nfunc main() { http.ListenAndServe(":1", nil) }\n'}, (["Go net/http"], [], [])),
        ({"Procfile": "web: x", "fly.toml": "x", "infra/main.tf": "x"}, ([], [], ["Procfile", "Fly.io", "Terraform"])),
        ({"README.md": "---\ntitle: x\nsdk: docker\n---\n# X\n"}, ([], [], ["Hugging Face Space"])),
        ({"k8s/d.yaml": "apiVersion: apps/v1\nkind: Deployment\n"}, ([], [], ["Kubernetes"])),
    ],
)
def test_parts_of_an_application(files: Any, parts: Any) -> None:
    names = serving(files)
    assert tuple(sorted(found) for found in names) == tuple(sorted(wanted) for wanted in parts)


@pytest.mark.parametrize(
    "files",
    [
        {"tests/test_api.py": "import fastapi\napp = fastapi.FastAPI()\n"},
        {"examples/app.py": "import streamlit as st\nst.title('x')\n"},
        {"hive.py": "import streamlit\n"},
        {"hive.py": "class FastAPI: ...\napp = FastAPI()\n"},
        {"requirements.txt": "streamlit\nfastapi\n"},
        {"package.json": '{"dependencies": {"react": "18"}}'},
        {"notes.md": "We use FastAPI() and st.title('x')."},
        {"app.yaml": "name: bees\n"},
    ],
)
def test_naming_a_framework_is_not_using_it(files: Any) -> None:
    assert serving(files) == ([], [], [])


def test_the_place_is_the_line_of_the_call() -> None:
    found = Serving.distil(make_tree({"api.py": "import fastapi\r\n\r\napp = fastapi.FastAPI()\r\n"}))
    assert (found.api[0].location.path, found.api[0].location.line) == ("api.py", 3)


def test_the_frontend_is_shown_by_a_view() -> None:
    files = {
        "package.json": '{"dependencies": {"next": "15"}}',
        "actions/remove.ts": "import { revalidatePath } from 'next/cache'\n",
        "app/page.tsx": "import Link from 'next/link'\n",
    }
    found = Serving.distil(make_tree(files))
    assert [part.location.path for part in found.frontend] == ["app/page.tsx"]


def test_a_file_to_download_is_no_deployment() -> None:
    assert links({"data.yaml": "download: https://d1x2.cloudfront.net/train_images.zip\n"}) == []


def test_the_beginning_of_an_address_that_code_puts_together_is_no_deployment() -> None:
    assert links({"get.py": "URL = 'https://d1x2.cloudfront.net/trips/hives_2024-'\n"}) == []
    assert links({"get.py": "URL = 'https://hives.herokuapp.com/?hive='\n"}) == []


def test_settings_of_a_sign_in_service_are_no_deployment() -> None:
    settings = {
        "firebase.ts": "const c = {\n  authDomain: 'hive-1.firebaseapp.com',\n  storageBucket: 'h-1.appspot.com',\n}\n"
    }
    assert links(settings) == []
