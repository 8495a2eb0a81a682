"""The score of invented portfolios, case by case; docs/scoring.md prints these numbers."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from portfolio_audit import rubric as rubrics
from portfolio_audit.api import Outcome
from portfolio_audit.arithmetic import Grade, cut
from portfolio_audit.gains import AI_WORK, advise
from portfolio_audit.judgement import Judgement, judge
from portfolio_audit.listing import Member
from tests import score_worlds as worlds
from tests.score_worlds import ABSENT, FAILED, HALF, PASSED, UNKNOWN

DOCS = Path(__file__).parent.parent / "docs" / "scoring.md"
GOOD = dict.fromkeys(worlds.REPOSITORY_CHECKS, PASSED)
BAD = dict.fromkeys(worlds.REPOSITORY_CHECKS, FAILED)
PORTFOLIO = dict.fromkeys(worlds.PORTFOLIO_CHECKS, PASSED)


def judged(
    *repositories: tuple[Member, dict[str, Outcome]],
    portfolio: dict[str, Outcome] | None = None,
    merged: bool | None = False,
    scope: Any = "portfolio",
) -> Judgement:
    answers = {member.id: outcomes for member, outcomes in repositories}
    results = worlds.results(answers, PORTFOLIO if portfolio is None else portfolio)
    return judge(worlds.SAMPLE, scope, [member for member, _ in repositories], results, merged_to_library=merged)


def three(outcomes: dict[str, Outcome]) -> list[tuple[Member, dict[str, Outcome]]]:
    return [(worlds.listed(n), outcomes) for n in range(3)]


def grade_of(judgement: Judgement, criterion: str) -> Grade | None:
    return next(made.grade for made in judgement.card.criteria if made.criterion.id == criterion)


def test_everything_passed_is_a_hundred_and_strong() -> None:
    card = judged(*three(GOOD)).card
    assert (card.score, card.low, card.high, card.coverage, card.band) == (100, 100, 100, 1, "strong")
    assert card.notes == ()


def test_everything_failed_is_nothing() -> None:
    card = judged(*three(BAD), portfolio=dict.fromkeys(worlds.PORTFOLIO_CHECKS, FAILED)).card
    assert (card.score, card.low, card.high, card.band) == (0, 0, 0, "not yet")


def test_a_criterion_is_a_weighted_mean_of_its_checks() -> None:
    outcomes = {**GOOD, "readme-run": FAILED, "readme-why": HALF}
    assert grade_of(judged(*three(outcomes)), "readme") == pytest.approx((2.5 / 4,) * 3)


def test_what_does_not_apply_drops_out() -> None:
    assert grade_of(judged(*three({**GOOD, "readme-run": ABSENT, "readme-why": FAILED})), "readme") == pytest.approx(
        (2 / 3,) * 3
    )
    assert grade_of(judged(*three({**GOOD, "tests": ABSENT})), "tests") is None


def test_a_missing_readme_excuses_nothing() -> None:
    missing = {**GOOD, "readme-present": FAILED, "readme-run": ABSENT, "readme-why": ABSENT}
    assert grade_of(judged(*three(missing)), "readme") == (0, 0, 0)


def test_a_readme_that_could_not_be_looked_for_may_be_missing_or_complete() -> None:
    unknown = {**GOOD, "readme-present": UNKNOWN, "readme-run": PASSED, "readme-why": ABSENT}
    made = grade_of(judged(*three(unknown)), "readme")
    assert made is not None
    assert (made.low, made.value, made.high) == (1 / 4, 1, 1)


def test_unknown_widens_the_range_and_is_in_no_mean() -> None:
    card = judged(*three({**GOOD, "tests": UNKNOWN})).card
    assert (card.score, card.high) == (100, 100)
    assert card.low == pytest.approx(100 * 58 / 64, abs=0.01)
    assert card.coverage == pytest.approx(58 / 64, abs=0.001)


def test_a_link_that_was_not_opened_is_failed_in_the_score_and_passed_at_the_upper_end() -> None:
    made = grade_of(judged(*three({**GOOD, "live": UNKNOWN})), "deployed")
    assert made == pytest.approx((2 / 3, 2 / 3, 1))


def test_one_number_is_named_only_if_half_is_known() -> None:
    little = dict.fromkeys(worlds.REPOSITORY_CHECKS, UNKNOWN)
    card = judged(*three({**little, "tests": PASSED})).card
    assert card.score is None
    assert card.low < card.high
    assert card.band.startswith("between")


def test_a_repository_of_which_little_is_known_has_no_number_either() -> None:
    little = {**dict.fromkeys(worlds.REPOSITORY_CHECKS, UNKNOWN), "tests": PASSED}
    alone = judged((worlds.listed(0), little), portfolio={}, scope="repository").card
    assert alone.score is None
    made = alone.repositories["r0"]
    assert made is not None
    assert made.value is None
    assert 100 * made.low == pytest.approx(alone.low, abs=0.01)


def test_thirty_old_experiments_do_not_bury_three_good_projects() -> None:
    old = [(worlds.listed(n, lines=9000), {**BAD, "work-own": PASSED}) for n in range(10, 40)]
    assert judged(*three(GOOD), *old).card.score == 100


def test_own_work_is_one_minus_the_share_of_copies_among_the_listed() -> None:
    copies = [(worlds.listed(n), {**GOOD, "work-own": FAILED}) for n in range(10, 19)]
    made = judged(*three(GOOD), *copies)
    assert grade_of(made, "own") == pytest.approx((3 / 12, 3 / 12, 3 / 12))
    assert made.card.score == pytest.approx(100 - 100 * 6 * 9 / 12 / 64, abs=0.01)
    notes = {each.criterion.id: each.note for each in made.card.criteria}
    assert notes["own"] == "mean of 12 listed repositories"


def test_a_repository_that_may_be_listed_moves_each_end_of_own_work_outwards() -> None:
    unread = msgspec.structs.replace(worlds.listed(3), counted=None, ai=None, lines=None)
    copy = (worlds.listed(2), {**GOOD, "work-own": FAILED})
    made = judged(*three(GOOD)[:2], copy, (unread, dict.fromkeys(worlds.REPOSITORY_CHECKS, UNKNOWN)))
    assert grade_of(made, "own") == pytest.approx((2 / 4, 2 / 3, 3 / 4))


def test_the_three_are_named() -> None:
    old = [(worlds.listed(n, lines=9000), BAD) for n in range(10, 14)]
    card = judged(*three(GOOD), *old).card
    assert set(card.shown) == {"r0", "r1", "r2"}
    tests = next(made for made in card.criteria if made.criterion.id == "tests")
    assert tests.note == "mean of repo-0, repo-1, repo-2"


def test_between_equals_the_three_with_most_code_are_shown() -> None:
    members = [(worlds.listed(n, lines=300 + n), GOOD) for n in range(6)]
    assert judged(*members).card.shown == ("r5", "r4", "r3")


def test_fewer_than_three_listed_are_those() -> None:
    card = judged((worlds.listed(0), GOOD), (worlds.listed(1), {**GOOD, "tests": FAILED})).card
    assert set(card.shown) == {"r0", "r1"}
    assert "averages rest on 2 repositories instead of 3: no other is counted" in card.notes


def test_without_any_listed_the_three_with_most_code_are_judged() -> None:
    small = [
        (msgspec.structs.replace(worlds.listed(n), counted=False, lines=10 * n), GOOD if n else BAD) for n in range(5)
    ]
    card = judged(*small).card
    assert card.shown == ("r4", "r3", "r2")
    assert "no repository counts as a project of its own: judged on the 3 with most code" in card.notes


def test_what_is_in_no_repository_is_failed_and_nobody_without_repositories_scores() -> None:
    card = judged(portfolio={"merged": FAILED, "not-only-classic": ABSENT}).card
    assert (card.score, card.low, card.high) == (0, 0, 0)
    assert "there is no repository of their own to judge" in card.notes


def test_best_takes_one_repository_and_any_takes_each_check_where_it_is_met() -> None:
    first, second = {**BAD, "ci": PASSED, "built": PASSED}, {**BAD, "licence": PASSED, "live": PASSED}
    for outcomes in (first, second):
        outcomes.update({"data-own": PASSED, "work-own": PASSED})
    judgement = judged((worlds.listed(0), first), (worlds.listed(1), second))
    assert grade_of(judgement, "ci") == (1, 1, 1)
    assert grade_of(judgement, "deployed") == pytest.approx((2 / 3,) * 3)


def test_proof_looks_at_ai_work_alone() -> None:
    plain = (worlds.listed(0, ai=False), GOOD)
    model = (worlds.listed(1), {**GOOD, "built": FAILED, "live": FAILED})
    assert grade_of(judged(plain, model), "deployed") == (0, 0, 0)


def test_a_first_ai_project_lowers_nothing_by_making_questions_apply() -> None:
    without = {"merged": FAILED, "not-only-classic": ABSENT}
    plain = [(worlds.listed(n, ai=False), {**GOOD, "data-own": ABSENT}) for n in range(3)]
    before = judged(*plain, portfolio=without, merged=None).card
    classic = (worlds.listed(9), {**BAD, "data-own": FAILED, "work-own": PASSED})
    after = judged(*plain, classic, portfolio={"merged": FAILED, "not-only-classic": FAILED}, merged=None).card
    assert before.score is not None
    assert after.score == before.score


@pytest.mark.parametrize(
    ("check", "outcome", "left"),
    [("data-own", FAILED, 0.25), ("data-own", HALF, 0.625), ("work-own", FAILED, 0), ("data-own", ABSENT, 1)],
)
def test_originality_bites(check: str, outcome: Outcome, left: float) -> None:
    assert grade_of(judged(*three({**GOOD, check: outcome})), "deployed") == pytest.approx((left,) * 3)


def test_originality_that_could_not_be_told_lowers_the_low_end_alone() -> None:
    assert grade_of(judged(*three({**GOOD, "data-own": UNKNOWN})), "deployed") == (0.25, 1, 1)


def test_an_unread_repository_that_could_win_leaves_the_best_known_value() -> None:
    unread = Member(id="r9", name="repo-9", own=True, counted=None)
    outcomes = dict.fromkeys(worlds.REPOSITORY_CHECKS, UNKNOWN)
    judgement = judged(*three({**GOOD, "built": FAILED}), (unread, outcomes))
    made = grade_of(judgement, "deployed")
    assert made == pytest.approx((1 / 3, 1 / 3, 1))
    assert "1 repository may count, but could not be read: the range allows for it" in judgement.card.notes


def test_without_ai_work_there_is_a_ceiling() -> None:
    members = [(worlds.listed(n, ai=False), GOOD) for n in range(3)]
    card = judged(*members).card
    assert (card.score, card.high, card.band, card.ceiling) == (39, 39, "not yet", "certain")
    assert card.notes[0] == "no AI or data work found in 3 repositories read: the score cannot pass 39"


@pytest.mark.parametrize("why", ["unread", "unreadable", "merged", "unsearched"])
def test_the_ceiling_is_only_possible_where_ai_work_could_have_been_missed(why: str) -> None:
    first = worlds.listed(0, ai=None if why == "unread" else False)
    first = msgspec.structs.replace(first, readable=why != "unreadable")
    others = [(worlds.listed(n, ai=False), GOOD) for n in (1, 2)]
    card = judged((first, GOOD), *others, merged={"merged": True, "unsearched": None}.get(why, False)).card
    assert card.ceiling == "possible"
    assert card.low == 39
    assert card.high > 39


def test_under_the_ceiling_an_ai_project_comes_first_and_other_gains_are_counted_with_it_lifted() -> None:
    members = [(worlds.listed(n, ai=False), {**GOOD, "tests": FAILED}) for n in range(3)]
    judgement = judged(*members)
    results = worlds.results({member.id: outcomes for member, outcomes in members}, PORTFOLIO)
    advice = advise(judgement, results, worlds.SAMPLE)
    assert [fix.check for fix in advice.fixes] == [AI_WORK, "tests", "tests", "tests"]
    assert judgement.card.score == 39
    assert "the gains below are counted with that ceiling lifted" in judgement.card.notes
    assert all(fix.gain == pytest.approx(100 * 2 / 64, abs=0.01) for fix in advice.fixes[1:])
    assert advice.combined_gain == pytest.approx(100 * 43 / 64 - 39, abs=0.01)


def test_two_ways_to_the_same_points_are_named_once() -> None:
    members = three({**GOOD, "built": FAILED, "live": FAILED})
    results = worlds.results({member.id: outcomes for member, outcomes in members}, PORTFOLIO)
    advice = advise(judged(*members), results, worlds.SAMPLE)
    assert len({fix.repository for fix in advice.fixes}) == 1
    assert advice.combined_gain == pytest.approx(100 * 18 / 64, abs=0.01)


def test_between_equal_fixes_the_listed_repository_with_most_code_is_named() -> None:
    small = msgspec.structs.replace(worlds.listed(0, lines=290), counted=False, name="a-small-one")
    members = [
        (small, {**GOOD, "live": FAILED}),
        *((worlds.listed(n, lines=500 * n), {**GOOD, "live": FAILED}) for n in (1, 2)),
    ]
    results = worlds.results({member.id: outcomes for member, outcomes in members}, PORTFOLIO)
    (fix,) = advise(judged(*members), results, worlds.SAMPLE).fixes
    assert (fix.check, fix.repository) == ("live", "r2")


def test_between_equal_fixes_the_one_that_is_nearest_to_done_is_named() -> None:
    far = msgspec.structs.replace(FAILED, effort="days")
    members = [(worlds.listed(n, lines=310 + n), {**GOOD, "built": built}) for n, built in enumerate((HALF, far))]
    results = worlds.results({member.id: outcomes for member, outcomes in members}, PORTFOLIO)
    fix = next(each for each in advise(judged(*members), results, worlds.SAMPLE).fixes if each.check == "built")
    assert fix.repository == "r0"


def test_no_more_than_two_of_one_check_are_named_while_others_are_worth_a_line() -> None:
    members = three({**GOOD, "tests": FAILED, "hints": HALF, "readme-why": FAILED})
    results = worlds.results({member.id: outcomes for member, outcomes in members}, PORTFOLIO)
    advice = advise(judged(*members), results, worlds.SAMPLE)
    named = [fix.check for fix in advice.fixes]
    assert named == ["tests", "tests", "readme-why", "readme-why", "hints"]
    assert [fix.gain for fix in advice.fixes] == sorted((fix.gain for fix in advice.fixes), reverse=True)


def test_a_third_of_one_check_is_named_where_nothing_else_is_left() -> None:
    members = three({**GOOD, "tests": FAILED, "live": FAILED})
    results = worlds.results({member.id: outcomes for member, outcomes in members}, PORTFOLIO)
    named = [fix.check for fix in advise(judged(*members), results, worlds.SAMPLE).fixes]
    assert (named.count("tests"), named.count("live")) == (3, 1)


def test_a_criterion_that_applies_nowhere_says_what_to_begin() -> None:
    members = three({**GOOD, "built": ABSENT, "live": ABSENT})
    results = worlds.results({member.id: outcomes for member, outcomes in members}, PORTFOLIO)
    begun = rubrics.parse(
        worlds.RUBRIC.replace(b'strict = ["live"]', b'strict = ["live"]\nfix = "Deploy one of them."'),
        "s",
        worlds.CHECKS,
    )
    judgement = judge(begun, "portfolio", [member for member, _ in members], results)
    (fix,) = advise(judgement, results, begun).fixes
    assert (fix.text, fix.repository, fix.effort) == ("Deploy one of them.", None, "days")
    assert fix.gain == pytest.approx(100 * 18 / 64, abs=0.01)


def test_what_could_not_be_looked_at_is_no_reason_to_begin() -> None:
    members = three({**GOOD, "built": UNKNOWN, "live": UNKNOWN})
    results = worlds.results({member.id: outcomes for member, outcomes in members}, PORTFOLIO)
    begun = rubrics.parse(
        worlds.RUBRIC.replace(b'strict = ["live"]', b'strict = ["live"]\nfix = "Deploy one of them."'),
        "s",
        worlds.CHECKS,
    )
    judgement = judge(begun, "portfolio", [member for member, _ in members], results)
    assert advise(judgement, results, begun).fixes == ()


def test_a_repository_alone_is_judged_by_what_it_alone_can_meet() -> None:
    small = msgspec.structs.replace(worlds.listed(0, ai=False), own=None, counted=False, lines=3)
    judgement = judged((small, {**GOOD, "tests": FAILED}), portfolio={}, scope="repository")
    assert judgement.card.ceiling is None
    assert [made.criterion.id for made in judgement.card.criteria] == [
        "deployed", "readme", "tests", "hints", "ci", "data", "own",
    ]  # fmt: skip
    assert grade_of(judgement, "deployed") is None
    assert judgement.card.score == pytest.approx(100 * 22 / 28, abs=0.01)


def test_a_folder_has_no_score_but_each_repository_has_one() -> None:
    judgement = judged((worlds.listed(0), GOOD), (worlds.listed(1), BAD), portfolio={}, scope="folder")
    card = judgement.card
    assert (card.score, card.band) == (None, "not scored")
    assert [card.repositories[id] for id in ("r0", "r1")] == [(1, 1, 1), (0, 0, 0)]
    assert advise(judgement, worlds.results({}), worlds.SAMPLE).fixes == ()


@pytest.mark.parametrize(
    ("low", "high", "name"),
    [(0, 39.99, "not yet"), (40, 59, "developing"), (39, 40, "between not yet and developing"), (80, 100, "strong")],
)
def test_bands_are_named_only_if_both_ends_lie_in_one(low: float, high: float, name: str) -> None:
    from portfolio_audit.judgement import band

    assert band(worlds.SAMPLE, low, high) == name


def examples() -> dict[str, float]:
    """The worked examples of the documentation, worked out."""
    weak = {**GOOD, "tests": FAILED, "hints": HALF, "readme-why": FAILED}
    deployed = judged(*three(weak))
    members = three(weak)
    advice = advise(deployed, worlds.results({m.id: o for m, o in members}, PORTFOLIO), worlds.SAMPLE)
    classic = judged(*three({**GOOD, "data-own": FAILED}), portfolio={**PORTFOLIO, "not-only-classic": FAILED})
    unopened = judged(*three({**GOOD, "live": UNKNOWN}))
    unsearched = judged(*three(GOOD), portfolio={**PORTFOLIO, "merged": UNKNOWN}, merged=None)
    plain = judged(*[(worlds.listed(n, ai=False), GOOD) for n in range(3)])
    return {
        "craft": deployed.card.score or 0,
        "craft-first-gain": advice.fixes[0].gain,
        "craft-combined": advice.combined_gain,
        "classic": classic.card.score or 0,
        "unopened": unopened.card.score or 0,
        "unopened-high": unopened.card.high,
        "unsearched": unsearched.card.score or 0,
        "unsearched-low": unsearched.card.low,
        "unsearched-high": unsearched.card.high,
        "no-ai": plain.card.score or 0,
    }


def test_the_documented_examples_are_what_the_program_says() -> None:
    printed = dict(re.findall(r"<!--\s*([a-z-]+)\s*-->\s*\**([0-9]+(?:\.[0-9]+)?)", DOCS.read_text(encoding="utf-8")))
    assert {name: float(number) for name, number in printed.items()} == examples()


def test_a_repository_of_which_hardly_anything_is_asked_has_no_score() -> None:
    bare = msgspec.structs.replace(worlds.SAMPLE, least_asked=0.33)
    title = {**dict.fromkeys(worlds.REPOSITORY_CHECKS, ABSENT), "readme-present": PASSED, "work-own": PASSED}
    member = worlds.listed(0, ai=False)
    results = worlds.results({member.id: title}, {})
    alone = judge(bare, "repository", [member], results).card
    assert (alone.score, alone.low, alone.high, alone.band) == (None, 0, 100, "not scored")
    assert any("too little here" in note for note in alone.notes)
    whole = worlds.results({member.id: dict.fromkeys(worlds.REPOSITORY_CHECKS, PASSED)}, {})
    assert judge(bare, "repository", [member], whole).card.score == 100


def test_what_a_criterion_was_judged_on_is_said_in_the_right_number() -> None:
    for count, note in (
        (1, "the only own repository: repo-0"),
        (2, "best of 2 own repositories: repo-0, level with repo-1"),
        (3, "best of 3 own repositories: repo-0, level with 2 others"),
    ):
        card = judged(*three(GOOD)[:count]).card
        assert any(made.note == note for made in card.criteria)


def note_of(made: Judgement, criterion: str) -> tuple[str, tuple[str, ...]]:
    found = next(each for each in made.card.criteria if each.criterion.id == criterion)
    return found.note, found.repositories


def test_an_average_names_only_the_repositories_that_it_asks() -> None:
    """What does not apply somewhere is in no mean, so that repository is not named beside it."""
    whole, without, *_ = three(GOOD)
    untyped = (without[0], {**without[1], "hints": ABSENT, "work-own": ABSENT})
    made = judged(whole, untyped, three(GOOD)[2])
    assert note_of(made, "hints") == ("mean of repo-0, repo-2", ("r0", "r2"))
    assert note_of(made, "own") == ("mean of 2 of 3 listed repositories", ("r0", "r2"))
    assert note_of(judged(whole, untyped), "hints") == ("judged on repo-0", ("r0",))


def test_the_best_is_named_only_among_those_in_which_it_was_asked() -> None:
    """What fails in a portfolio only because it is nowhere there was asked nowhere, and nobody is the best at it."""
    silent = {**GOOD, "built": ABSENT, "live": ABSENT}
    asked, *others = three(GOOD)
    made = judged(*((member, silent) for member, _ in (asked, *others)))
    assert note_of(made, "deployed") == ("nothing to judge it on in any of 3 own repositories with AI or data work", ())
    assert grade_of(made, "deployed") == (0, 0, 0)
    made = judged(asked, *((member, silent) for member, _ in others))
    said = "asked of 1 of 3 own repositories with AI or data work: repo-0"
    assert note_of(made, "deployed") == (said, ("r0",))


def test_one_that_fails_is_not_called_the_best_of_what_could_not_be_told() -> None:
    failed, unknown, passed = (
        (worlds.listed(n), {**GOOD, "built": mark, "live": mark}) for n, mark in enumerate((FAILED, UNKNOWN, PASSED))
    )
    said = "best of 2 own repositories with AI or data work: could not be told"
    assert note_of(judged(failed, unknown), "deployed") == (said, ())
    assert note_of(judged(failed, unknown, passed), "deployed")[1] == ("r2",)
    assert note_of(judged(failed), "deployed")[1] == ("r0",)


@pytest.mark.parametrize(
    ("share", "points"), [(0.502986, 50.29), (0.59996, 59.99), (0.57, 57.0), (0.29, 29.0), (1.0, 100.0), (0.0, 0.0)]
)
def test_points_are_cut_after_two_decimals_and_never_rounded_up(share: float, points: float) -> None:
    assert cut(share) == points
