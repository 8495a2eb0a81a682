"""Asking: what is missing becomes an answer, and no check can end an audit."""

from typing import ClassVar, Self

import pytest

from portfolio_audit import audit
from portfolio_audit.api import (
    Check,
    Fact,
    Outcome,
    Portfolio,
    PortfolioFact,
    Repository,
    RepositoryFact,
    TreeFact,
    check,
    failed,
    partial,
    passed,
)
from portfolio_audit.errors import Unavailable
from portfolio_audit.testing import make_portfolio, make_repository, run_check
from portfolio_audit.tree import SourceTree


class Poem(TreeFact, frozen=True):
    lines: int = 0

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        unread = f"{len(tree.unread)} files" if tree.unread else None
        found = [file for file in tree.files if file.path.endswith(".poem")]
        if any(file.path == "locked.poem" for file in found):
            raise Unavailable("the poem is locked")
        if any(file.path == "odd.poem" for file in found):
            raise ZeroDivisionError
        return cls(incomplete=unread, lines=len(found)) if found or unread else None


class Fame(RepositoryFact, frozen=True):
    reads: ClassVar[tuple[type[Fact], ...]] = (Poem,)
    name: str = ""

    @classmethod
    def distil(cls, repository: Repository) -> Self | None:
        if repository.record.name == "cursed":
            raise KeyError("curse")
        return cls(name=repository.record.name)


class Shelf(PortfolioFact, frozen=True):
    reads: ClassVar[tuple[type[Fact], ...]] = (Fame,)
    count: int = 0

    @classmethod
    def distil(cls, portfolio: Portfolio) -> Self | None:
        return cls(count=len(portfolio.repositories)) if portfolio.repositories else None


@check(id="poem-long", title="There are two poems")
def is_long(poem: Poem) -> Outcome:
    """Why."""
    if poem.lines >= 2:
        return passed("two")
    if poem.lines == 1:
        return partial(0.5, "one", fix="Write another.", searched="all")
    return failed("none", fix="Write one.", searched="all")


@check(id="poem-there", title="There is a poem")
def is_there(poem: Poem | None) -> Outcome:
    """Why."""
    return passed("yes") if poem else failed("no", fix="Write one.", searched="all", evidence="README.md")


@check(id="poem-mad", title="Never raises")
def is_mad(poem: Poem) -> Outcome:
    """Why."""
    raise RecursionError(poem)


@check(id="fame-known", title="It has a name")
def is_known(fame: Fame) -> Outcome:
    """Why."""
    return passed(fame.name)


@check(id="shelf-full", title="There is a shelf")
def is_full(shelf: Shelf) -> Outcome:
    """Why."""
    return passed(f"{shelf.count} repositories")


CHECKS: list[Check] = [is_long, is_there, is_mad, is_known, is_full]


def test_a_check_is_handed_the_facts_it_names() -> None:
    assert run_check(is_long, {"a.poem": "", "b.poem": ""}) == passed("two")


def test_without_the_fact_it_does_not_apply() -> None:
    outcome = run_check(is_long, {"a.txt": "x"})
    assert (outcome.status, outcome.summary) == ("not_applicable", "there is no poem to judge")


def test_a_fact_may_say_what_its_absence_means() -> None:
    assert run_check("readme-purpose", {"a.py": "x = 1"}).summary.startswith("there is no README")
    assert run_check("type-hints-used", {"a.go": "package a"}).summary == "there are no Python functions"


def test_an_optional_fact_is_left_to_the_check() -> None:
    assert run_check(is_there, {"a.txt": "x"}).status == "failed"


def test_what_could_not_be_read_is_unknown_and_the_check_is_not_asked() -> None:
    assert run_check(is_mad, None).summary == "its files were not read"
    assert run_check(is_long, {"locked.poem": ""}).summary == "the poem is locked"
    assert run_check(is_there, {"locked.poem": ""}).status == "unknown"


def test_a_fact_that_raises_costs_itself_alone() -> None:
    assert run_check(is_long, {"odd.poem": ""}).summary == "Poem could not be read (ZeroDivisionError)"
    cursed = make_repository({"a.poem": ""}, name="cursed")
    assert audit.ask(is_known, cursed).summary == "Fame could not be made (KeyError)"


def test_a_check_that_raises_costs_its_own_answer() -> None:
    outcome = run_check(is_mad, {"a.poem": ""})
    assert (outcome.status, outcome.summary) == ("unknown", "the check itself failed (RecursionError)")


def test_a_check_that_answers_nothing_is_unknown() -> None:
    @check(id="poem-mute", title="Says nothing")
    def says_nothing(poem: Poem) -> Outcome:
        """Why."""
        return None  # type: ignore[return-value]

    assert run_check(says_nothing, {"a.poem": ""}).status == "unknown"


@pytest.mark.parametrize("files", [{}, {"a.poem": ""}])
def test_an_absence_claimed_from_a_fact_with_gaps_is_unknown(files: dict[str, str]) -> None:
    outcome = run_check(is_long, files, unread={"b.poem2": "over a budget"})
    assert (outcome.status, outcome.score) == ("unknown", None)
    assert "1 files" in outcome.summary


def test_what_was_seen_stays_true_though_the_fact_has_gaps() -> None:
    assert run_check(is_long, {"a.poem": "", "b.poem": ""}, unread={"c": "gone"}).status == "passed"

    @check(id="poem-bad", title="No bad poem")
    def is_bad(poem: Poem) -> Outcome:
        """Why."""
        return failed("bad", fix="Rewrite it.", evidence="a.poem")

    assert run_check(is_bad, {"a.poem": ""}, unread={"c": "gone"}).status == "failed"


def test_every_check_is_asked_of_every_subject() -> None:
    portfolio = make_portfolio([make_repository({"a.poem": ""}, name="one"), make_repository(None, name="two")])
    results = audit.run(portfolio, CHECKS)
    assert list(results.checks) == sorted(check.id for check in CHECKS)
    assert list(results.repositories) == ["id-one", "id-two"]
    assert results.repositories["id-one"]["poem-long"].score == 0.5
    assert results.repositories["id-two"]["poem-long"].status == "unknown"
    assert results.repositories["id-two"]["fame-known"].summary == "two"
    assert results.portfolio == {"shelf-full": passed("2 repositories")}


def test_workers_are_told_what_to_read_through_all_layers() -> None:
    assert audit.needed_facts([is_full]) == (Poem,)
    assert audit.needed_facts([is_known, is_long, Shelf]) == (Poem,)
    assert audit.needed_facts([]) == ()
