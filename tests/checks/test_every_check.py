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
