"""Promises of the score that hold for every portfolio, not only for the ones somebody thought of."""

from itertools import combinations
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio_audit.api import Outcome
from portfolio_audit.arithmetic import Grade
from portfolio_audit.choice import Search
from portfolio_audit.gains import advise
from portfolio_audit.judgement import Scorecard, judge
from portfolio_audit.ledger import open_ledger
from portfolio_audit.listing import Member
from tests import score_worlds as worlds

World = tuple[list[Member], dict[str, dict[str, Outcome]], dict[str, Outcome]]

promise = settings(
    derandomize=True,
    max_examples=200,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],  # it reads the clock, so a busy machine would fail it
)
close = 0.011  # points: both numbers are rounded to two decimals


def card(world: World, *, merged: bool | None = False, scope: Any = "portfolio") -> Scorecard:
    members, of_repositories, of_portfolio = world
    return judge(
        worlds.SAMPLE, scope, members, worlds.results(of_repositories, of_portfolio), merged_to_library=merged
    ).card


def places(world: World) -> list[tuple[str | None, str]]:
    _, of_repositories, of_portfolio = world
    found = [(id, check) for id, outcomes in sorted(of_repositories.items()) for check in outcomes]
    return [*found, *((None, check) for check in of_portfolio)]


def answered(world: World, place: tuple[str | None, str]) -> Outcome:
    _, of_repositories, of_portfolio = world
    subject, check = place
    return of_portfolio[check] if subject is None else of_repositories[subject][check]


def replaced(world: World, place: tuple[str | None, str], outcome: Outcome) -> World:
    members, of_repositories, of_portfolio = world
    subject, check = place
    if subject is None:
        return members, of_repositories, {**of_portfolio, check: outcome}
    return members, {**of_repositories, subject: {**of_repositories[subject], check: outcome}}, of_portfolio


def not_lower(after: float | None, before: float | None) -> bool:
    return after is None or before is None or after >= before - close


@promise
@given(worlds.world(), st.sampled_from((True, False, None)))
def test_all_numbers_lie_in_their_range(world: World, merged: bool | None) -> None:
    made = card(world, merged=merged)
    assert 0 <= made.low <= made.high <= 100
    assert 0 <= made.coverage <= 1
    if made.score is not None:
        assert made.low <= made.score <= made.high
    for criterion in made.criteria:
        if criterion.grade is not None and criterion.grade.value is not None:
            assert 0 <= criterion.grade.low <= criterion.grade.value <= criterion.grade.high <= 1


@promise
@given(worlds.world(listed_at_least=3), worlds.answers(), worlds.member(number=99))
def test_adding_an_own_repository_that_is_no_copy_never_lowers_once_three_are_listed(
    world: World, more: dict[str, Outcome], added: Member
) -> None:
    members, of_repositories, of_portfolio = world
    if added.own is not True:
        return
    more = {**more, "work-own": worlds.PASSED}
    larger: World = ([*members, added], {**of_repositories, added.id: more}, of_portfolio)
    before, after = card(world), card(larger)
    assert after.low >= before.low - close
    assert after.high >= before.high - close
    if _unknown_parts(larger) == _unknown_parts(world):
        assert not_lower(after.score, before.score)


def _unknown_parts(world: World) -> list[tuple[int, str]]:
    """Parts of criteria of which nothing is known. They are in no score, so their first known answer may lower it."""
    members, of_repositories, of_portfolio = world
    ledger = open_ledger(worlds.SAMPLE, "portfolio", members, worlds.results(of_repositories, of_portfolio))
    single = [
        (n, check, item._replace(weights={check: 1.0}) if item.across == "any" else item)
        for n, item in enumerate(ledger.items)
        if n in ledger.fixed
        for check in item.weights
    ]
    grades = [(n, check, ledger.overall(item)) for n, check, item in single]
    return [(n, check) for n, check, made in grades if made is not None and made.value is None]


@promise
@given(worlds.world(), st.data())
def test_unknown_never_improves_anything(world: World, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(places(world)))
    before, after = card(world), card(replaced(world, place, worlds.UNKNOWN))
    assert after.low <= before.low + close
    assert after.high >= before.high - close
    if not after.band.startswith("between"):
        assert after.band == before.band


@promise
@given(worlds.world(), st.data())
def test_passing_never_lowers(world: World, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(places(world)))
    before, after = card(world), card(replaced(world, place, worlds.PASSED))
    assert after.low >= before.low - close
    assert after.high >= before.high - close
    assert not_lower(after.score, before.score)
    assert all(_grade_not_lower(after.repositories[member.id], before.repositories[member.id]) for member in world[0])


def _grade_not_lower(after: Grade | None, before: Grade | None) -> bool:
    if after is None or before is None:
        return True
    numbers = zip(after, before, strict=True)
    return all(new is None or old is None or new >= old - 1e-9 for new, old in numbers)


@promise
@given(worlds.world(), st.data())
def test_an_unread_repository_never_improves_anything(world: World, data: st.DataObject) -> None:
    members, of_repositories, of_portfolio = world
    if not members:
        return
    gone = data.draw(st.sampled_from(members))
    counted = gone.counted if gone.own is False else None
    unread = msgspec.structs.replace(gone, counted=counted, lines=None, ai=None, readable=True)
    unplugged = (
        [unread if member.id == gone.id else member for member in members],
        {**of_repositories, gone.id: dict.fromkeys(of_repositories[gone.id], worlds.UNKNOWN)},
        of_portfolio,
    )
    before, after = card(world), card(unplugged)
    assert after.low <= before.low + close
    assert after.high >= before.high - close


@promise
@given(worlds.world(), st.sampled_from((True, False)))
def test_unplugging_contributions_and_links_never_narrows(world: World, merged: bool) -> None:
    members, of_repositories, of_portfolio = world
    unplugged = (
        members,
        {id: {**outcomes, "live": worlds.UNKNOWN} for id, outcomes in of_repositories.items()},
        {**of_portfolio, "merged": worlds.UNKNOWN},
    )
    before, after = card(world, merged=merged), card(unplugged, merged=None)
    assert after.low <= before.low + close
    assert after.high >= before.high - close


@promise
@given(worlds.world(), st.randoms(use_true_random=False))
def test_order_of_repositories_is_irrelevant(world: World, random: Any) -> None:
    members, of_repositories, of_portfolio = world
    shuffled = list(members)
    random.shuffle(shuffled)
    other = (shuffled, dict(reversed(list(of_repositories.items()))), of_portfolio)
    assert card(world) == card(other)


@promise
@given(worlds.world(), st.data())
def test_a_repository_alone_keeps_the_promises_too(world: World, data: st.DataObject) -> None:
    members, of_repositories, _ = world
    if not members:
        return
    alone: World = ([members[0]], {members[0].id: of_repositories[members[0].id]}, {})
    place = data.draw(st.sampled_from(places(alone)))
    before = card(alone, scope="repository")
    passed = card(replaced(alone, place, worlds.PASSED), scope="repository")
    unknown = card(replaced(alone, place, worlds.UNKNOWN), scope="repository")
    assert passed.low >= before.low - close
    assert not_lower(passed.score, before.score)
    assert unknown.low <= before.low + close
    assert unknown.high >= before.high - close
    own = before.repositories[members[0].id]
    if own is not None:
        assert before.low == pytest.approx(100 * own.low, abs=close)
        assert before.high == pytest.approx(100 * own.high, abs=close)


@promise
@given(worlds.world())
def test_each_gain_is_what_passing_that_result_really_adds(world: World) -> None:
    members, of_repositories, of_portfolio = world
    results = worlds.results(of_repositories, of_portfolio)
    judgement = judge(worlds.SAMPLE, "portfolio", members, results, merged_to_library=True)
    advice = advise(judgement, results, worlds.SAMPLE)
    assert len(advice.fixes) <= 5
    everything = world
    for fix in advice.fixes:
        assert fix.gain >= 0.5
        everything = _passed_as_a_gain(everything, (fix.repository, fix.check))
        if judgement.card.score is None:
            continue
        after = card(_passed_as_a_gain(world, (fix.repository, fix.check)), merged=True)
        if after.score is not None:
            assert fix.gain == pytest.approx(after.score - judgement.card.score, abs=2 * close)
    if judgement.card.score is not None and advice.fixes:
        together = card(everything, merged=True)
        if together.score is not None:
            assert advice.combined_gain == pytest.approx(together.score - judgement.card.score, abs=2 * close)


def _passed_as_a_gain(world: World, place: tuple[str | None, str]) -> World:
    """The world with one answer passed; what did not apply for want of it stays failed, as a gain never flatters."""
    if place == (place[0], "readme-present") and place[0] is not None:
        for sibling in ("readme-run", "readme-why"):
            if answered(world, (place[0], sibling)).status == "not_applicable":
                failed = answered(world, place).status == "failed"
                world = replaced(world, (place[0], sibling), worlds.FAILED) if failed else world
    return replaced(world, place, worlds.PASSED)


numbers = st.one_of(st.none(), st.sampled_from((0.0, 0.25, 0.5, 0.8, 1.0)), st.floats(0, 1))


@promise
@given(
    st.lists(st.tuples(numbers, numbers, numbers), max_size=8),
    st.tuples(*(st.floats(0.5, 20) for _ in range(3))),
    st.floats(0, 30),
    st.floats(0, 30),
)
def test_the_three_are_the_best_of_all_threes(
    vectors: list[tuple[float | None, ...]], weights: tuple[float, ...], base: float, more: float
) -> None:
    base_weight = base + more
    found = Search(vectors, weights, 3).best(base, base_weight)
    tried = [_brute(vectors, weights, chosen, base, base_weight) for chosen in _threes(len(vectors))]
    known = [score for score in tried if score is not None]
    assert found.score == (pytest.approx(max(known)) if known else None)
    if found.score is not None:
        assert _brute(vectors, weights, found.positions, base, base_weight) == pytest.approx(found.score)


@promise
@given(
    st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=8),
    st.tuples(*(st.floats(0.5, 20) for _ in range(3))),
    st.data(),
)
def test_raising_one_repository_finds_the_best_three_again(
    vectors: list[tuple[float | None, ...]], weights: tuple[float, ...], data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(vectors) - 1))
    raised = tuple(None if number is None else max(number, data.draw(st.floats(0, 1))) for number in vectors[position])
    after = [raised if n == position else vector for n, vector in enumerate(vectors)]
    assert Search(vectors, weights, 3).raised(position, raised, 3.0, 7.0) == pytest.approx(
        Search(after, weights, 3).best(3.0, 7.0).score
    )


def _threes(count: int) -> list[tuple[int, ...]]:
    return list(combinations(range(count), min(3, count)))


def _brute(
    vectors: list[tuple[float | None, ...]],
    weights: tuple[float, ...],
    chosen: tuple[int, ...],
    base: float,
    base_weight: float,
) -> float | None:
    total, heft = base, base_weight
    for n, weight in enumerate(weights):
        there = [number for position in chosen if (number := vectors[position][n]) is not None]
        if there:
            total += weight * sum(there) / len(there)
            heft += weight
    return total / heft if heft else None
