"""What a check says it needs is all that it asks for; workers read nothing else."""

import pytest

from portfolio_audit.audit import ask, needed_facts
from portfolio_audit.discovery import discover
from portfolio_audit.facts.fact import Portfolio, Repository, read_facts
from portfolio_audit.facts.signals import Signals
from portfolio_audit.testing import make_repository, make_tree
from tests.cli.conftest import MODEL, README, filler

FILES = {
    "README.md": README,
    "bees/train.py": MODEL,
    "bees/features.py": filler("f"),
    "app.py": "import streamlit as st\n\nst.title('Bees')\n",
}
CHECKS = [provided.check for provided in discover().checks]


def with_only(kinds: object) -> Repository:
    whole = make_repository(FILES)
    facts, failed = read_facts(make_tree(FILES), kinds)  # type: ignore[arg-type]
    return Repository(whole.record, whole.snapshot, facts, failed=failed)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_declares_every_fact_it_rests_on(check: object) -> None:
    repository = with_only(needed_facts([check]))  # type: ignore[list-item]
    portfolio = Portfolio(repository.snapshot, (repository,))
    subject = repository if check.scope == "repository" else portfolio  # type: ignore[attr-defined]
    assert "was not read" not in ask(check, subject).summary  # type: ignore[arg-type]


def test_signals_declare_every_fact_they_rest_on() -> None:
    alone = with_only(needed_facts([Signals])).fact(Signals)
    assert alone == make_repository(FILES).fact(Signals)
