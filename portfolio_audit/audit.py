"""Asking every check its question: hands over the facts that a signature names, and turns what is missing into words.

This room decides when a check is not asked: without the fact it does not apply, with an unreadable part the answer is
unknown. A check that raises costs its own answer and nothing else.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from portfolio_audit.api import Check, Outcome, not_applicable, unknown
from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import Fact, Portfolio, PortfolioFact, Repository, RepositoryFact, TreeFact
from portfolio_audit.snapshot import Value

_log = logging.getLogger(__name__)


class Results(Value, frozen=True):
    """Every answer: of a repository by its id and the check's id, of the portfolio by the check's id.

    `checks` holds the checks that were asked, by id.
    """

    checks: Mapping[str, Check]
    repositories: Mapping[str, Mapping[str, Outcome]]
    portfolio: Mapping[str, Outcome]


def run(portfolio: Portfolio, checks: Iterable[Check]) -> Results:
    """Ask each check of each repository, or of the portfolio."""
    known = {check.id: check for check in sorted(checks, key=lambda check: check.id)}
    per_repository = [check for check in known.values() if check.scope == "repository"]
    return Results(
        known,
        {
            repository.record.id: {check.id: ask(check, repository) for check in per_repository}
            for repository in portfolio.repositories
        },
        {check.id: ask(check, portfolio) for check in known.values() if check.scope == "portfolio"},
    )


def ask(check: Check, subject: Repository | Portfolio) -> Outcome:
    """One check's answer for one subject."""
    arguments: dict[str, Any] = {}
    gaps: list[str] = []
    for need in check.needs:
        try:
            fact = subject.fact(need.fact)
        except Unavailable as unavailable:
            return unknown(unavailable.reason)
        except Exception as fault:  # a fact of a plugin may raise anything
            _log.warning("%s could not be made for %s", need.fact.__name__, check.id, exc_info=True)
            return unknown(f"{need.fact.__name__} could not be made ({type(fault).__name__})")
        if fact is None and not need.optional:
            return not_applicable(need.fact.absent or f"there is no {_words(need.fact)} to judge")
        gap = getattr(fact, "incomplete", None)
        if gap:
            gaps.append(gap)
        arguments[need.name] = fact
    try:
        outcome = check(**arguments)
    except Exception as fault:  # one check's bug must never end an audit
        _log.warning("check %s raised", check.id, exc_info=True)
        return unknown(f"the check itself failed ({type(fault).__name__})")
    if not isinstance(outcome, Outcome):
        return unknown("the check gave no answer")
    if gaps and outcome.status in ("failed", "partial") and not outcome.evidence:
        return unknown(f"could not look at everything: {'; '.join(dict.fromkeys(gaps))}")
    return outcome


def needed_facts(kinds: Iterable[Check | type[Fact]]) -> tuple[type[TreeFact], ...]:
    """The facts that workers must read for these checks and facts, including what other facts are put together from."""
    wanted: dict[str, type[TreeFact]] = {}
    waiting: list[type[Fact]] = []
    for kind in kinds:
        waiting.extend([need.fact for need in kind.needs] if isinstance(kind, Check) else [kind])
    seen: set[type[Fact]] = set()
    while waiting:
        fact = waiting.pop()
        if fact in seen:
            continue
        seen.add(fact)
        if issubclass(fact, TreeFact):
            wanted[fact.key()] = fact
        elif issubclass(fact, (RepositoryFact, PortfolioFact)):
            waiting.extend(fact.reads)
    return tuple(wanted[key] for key in sorted(wanted))


def _words(kind: type[Fact]) -> str:
    """A fact's name as words: `TypeHints` is "type hints"."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind.__name__).strip()
