"""The threat model claims no proof that does not exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_test_that_the_threat_model_names_exists() -> None:
    named = NAMED.findall((ROOT / "docs" / "threat-model.md").read_text("utf-8"))
    assert len(named) > 40
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).exists() or f"def {test}(" not in (ROOT / file).read_text("utf-8")
    ]
    assert missing == []


def test_every_threat_with_a_defence_names_a_test() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
    rows = text.partition("| threat | defence | proof |")[2].partition("\n\n")[0].splitlines()[2:]
    claims = [row for row in rows if not row.startswith("| **")]
    assert claims
    assert [row for row in claims if not NAMED.search(row)] == []
