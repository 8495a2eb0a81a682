"""What every built-in check promises, whatever it looks at."""

import pytest

from portfolio_audit.api import Check, Outcome
from portfolio_audit.discovery import discover
from portfolio_audit.testing import Files, make_portfolio, make_repository, run_check

CHECKS = [provided.check for provided in discover().checks if provided.provider == "portfolio-audit"]
EVERY = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)

CODE = "".join(f"def part_{n}(size, rate):\n    return size * {n} + rate\n" for n in range(200))
TREES: dict[str, Files] = {
    "nothing": {},
    "text": {"README.md": "# Hive\n"},
    "code": {"train.py": "import torch\n" + CODE},
    "application": {
        "README.md": "# Hive\n\nCounts bees in photographs.\n\n    pip install .\n\nhttps://hive-bees.streamlit.app\n",
        "app.py": "import streamlit as st\nimport torch\nst.title('Hive')\n" + CODE,
        "requirements.txt": "streamlit\ntorch\n",
        "tests/test_app.py": "def test_it():\n    print('ok')\n",
    },
    "classic": {"notebook.py": "from sklearn.datasets import load_iris\nx = load_iris()\n" + CODE},
    "broken": {
        "README.md": b"\xff\xfe\x00",
        "a.py": b"def (\x00",
        "b.ipynb": b"{",
        "pyproject.toml": b"[",
        ".env": b"",
    },
}

NASTY = "\x1b]8;;http://evil.example\x07\u202egnp.exe\x00=HYPERLINK(1)<script>alert(1)</script>${{ github.token }}"
BOMB = "n0: &n0 [x, x, x]\n" + "".join(f"n{n + 1}: &n{n + 1} [*n{n}, *n{n}, *n{n}]\n" for n in range(20))
DEEP = "[" * 50_000
HOSTILE: Files = {
    "README.md": f"# {NASTY}\n\n{NASTY} " + "[x](" * 5_000 + "\n\n" + "> " * 5_000 + "word " * 20_000,
    f"{NASTY}.py": f"import torch\n\n\ndef f(x):\n    '{NASTY}'\n    return x\n",
    "long.py": "x = [" + "1, " * 100_000 + "]\n",
    "deep.py": "x = " + "(" * 20_000,
    "model.ipynb": '{"cells": ' + DEEP,
    "odd.ipynb": '{"cells": [{"cell_type": "code", "source": 7, "outputs": {"a": 1}, "execution_count": "x"}]}',
    "package.json": DEEP,
    "pyproject.toml": "a" + ".a" * 20_000 + " = 1\n",
    "requirements.txt": f"{NASTY}\n" * 500,
    ".github/workflows/ci.yml": BOMB,
    "dvc.yaml": BOMB,
    "_config.yml": BOMB,
    "docker-compose.yml": BOMB,
    "Dockerfile": f"FROM {NASTY}\n" * 500,
    "feed.xml": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>',
    "_posts/2020-01-01-x.md": f"---\ntitle: {NASTY}\n---\n",
    ".env": f"KEY={NASTY}\n",
    "tests/test_x.py": f"def test_x():\n    assert '{NASTY}'\n",
    "LICENSE": NASTY * 1_000,
    "data.csv": f"{NASTY}," * 2_000,
}


def sound(check: Check, outcome: Outcome) -> None:
    assert outcome.summary, check.id
    assert not outcome.summary.startswith("the check itself failed"), outcome.summary
    assert 0 <= outcome.confidence <= 1
    if outcome.status == "failed":
        assert outcome.evidence or outcome.searched, "a failure shows where, or says what was searched"
    if outcome.status in ("failed", "partial"):
        assert outcome.fix, "what is not good yet says what to do"
        assert outcome.effort in ("minutes", "hours", "days")
    if outcome.status in ("not_applicable", "unknown"):
        assert outcome.score is None


@EVERY
@pytest.mark.parametrize("files", TREES.values(), ids=TREES.keys())
def test_an_answer_is_sound(check: Check, files: Files) -> None:
    sound(check, run_check(check, files))


@EVERY
def test_a_hostile_repository_gets_a_short_sound_answer(check: Check) -> None:
    outcome = run_check(check, HOSTILE)
    sound(check, outcome)
    assert len(outcome.summary) <= 500
    assert len(outcome.fix or "") <= 600
    assert len(outcome.evidence) <= 20
    assert all(len(shown.note) <= 500 for shown in outcome.evidence)


@EVERY
def test_what_could_not_be_read_is_never_failed(check: Check) -> None:
    outcome = run_check(check, None)
    assert outcome.status in ("unknown", "not_applicable") or check.scope == "portfolio"
    gone = make_portfolio([make_repository(None, name=f"gone-{n}") for n in range(4)])
    if check.scope == "portfolio":
        assert run_check(check, portfolio=gone).status in ("unknown", "not_applicable")


@EVERY
def test_a_check_says_what_and_why(check: Check) -> None:
    assert check.title[0].isupper()
    assert not check.title.endswith(".")
    assert len(check.why) > 20
    assert check.module.startswith("portfolio_audit.checks.")


def test_titles_are_told_apart() -> None:
    titles = [check.title for check in CHECKS]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", ["projects-three", "readme-present"])
@pytest.mark.parametrize("files", TREES.values(), ids=TREES.keys())
def test_two_checks_are_asked_of_everybody(name: str, files: Files) -> None:
    assert run_check(name, files).status != "not_applicable"
