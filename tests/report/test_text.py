"""The terminal view: short, narrow, harmless, and true in every state."""

import unicodedata

import pytest

from portfolio_audit.report import text
from tests.golden.hostile import hostile
from tests.golden.portfolio import portfolio
from tests.golden.states import checkout, folder, states


@pytest.mark.parametrize("name", sorted(states()))
def test_every_state_fits_a_terminal(name: str) -> None:
    shown = text.render(states()[name])
    assert shown.endswith("\n")
    assert max(map(len, shown.splitlines())) <= text.WIDTH
    assert len(shown.splitlines()) <= 45


@pytest.mark.parametrize("name", sorted(states()))
def test_nothing_hostile_reaches_the_terminal(name: str) -> None:
    shown = text.render(hostile(states()[name]))
    assert {unicodedata.category(char) for char in shown if char not in "\n\u200d"} <= {
        "Lu", "Ll", "Lo", "Lm", "Mn", "Nd", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "Sm", "Sc", "Sk", "So", "Zs",
    }  # fmt: skip
    assert max(map(len, shown.split("\n"))) <= text.WIDTH
    assert len(shown.split("\n")) <= 150


def test_it_leads_with_the_score_and_what_to_do() -> None:
    shown = text.render(portfolio())
    assert "Portfolio score: 41.1–51.7 of 100, developing" in shown
    assert "87% of what counts could be judged: 41.1 if the rest failed, 51.7 if it passed" in shown
    assert "+17.6  Take one open issue in a library you use. (days)" in shown
    assert "ada-invented/swarm: Annotate the public functions first. (hours)" in " ".join(shown.split())
    assert "All together: +19.9" in shown
    assert "does not apply" in shown


def test_a_checkout_is_called_a_repository_and_names_it_once() -> None:
    shown = text.render(checkout())
    assert "Repository score: " in shown
    assert "Portfolio" not in shown
    assert shown.count("swarm") == 1


def test_a_folder_lists_each_repository_and_no_score_of_its_own() -> None:
    shown = text.render(folder())
    assert "7 repositories, each with a score of its own" in shown
    assert "66–75  ada-invented/swarm" in shown
    assert "of 100" not in shown
    assert "Do these first" not in shown
