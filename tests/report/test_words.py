"""The words that all views share are true at their edges."""

import msgspec
import pytest

from portfolio_audit.report import words
from portfolio_audit.report.model import Report
from tests.golden.portfolio import category, criterion, portfolio


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0, "0"), (-0.01, "0"), (12.0, "12"), (2.34, "2.3"), (2.36, "2.4"), (99.96, "100")]
)
def test_points_have_at_most_one_decimal(value: float, shown: str) -> None:
    assert words.number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(39.96, "39.9"), (40.0, "40"), (79.99, "79.9"), (99.99, "99.9"), (0.3, "0.3")]
)
def test_a_score_never_reads_as_a_band_it_has_not_reached(value: float, shown: str) -> None:
    assert words.points(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(3.14, "+3.1"), (12.0, "+12"), (0.5, "+0.5"), (0.0, "first"), (0.04, "first")]
)
def test_a_gain_of_nothing_is_never_shown_as_one(value: float, shown: str) -> None:
    assert words.gained(value) == shown


@pytest.mark.parametrize(("share", "shown"), [(0, "0%"), (0.001, "1%"), (0.5, "50%"), (0.999, "99%"), (1, "100%")])
def test_all_and_nothing_are_said_only_where_they_are(share: float, shown: str) -> None:
    assert words.percent(share) == shown


def test_a_number_never_stands_alone_while_something_is_open() -> None:
    assert words.score(100.0, (62.5, 100.0)) == "62.5–100"
    assert words.score(None, (41.0, 41.0)) == "41"
    assert words.score(41.02, (41.0, 41.04)) == "41"


def test_every_figure_of_a_sum_is_cut_and_the_sentence_on_it_can_be_worked_out_again() -> None:
    """49.27 of 98 make 50.27: shown as 49.2 and 50.2, never one rounded up beside one that is cut."""
    parts = [criterion("a", "A", 38, 45.61, 45.61, []), criterion("b", "B", 60, 53.23, 53.23, [])]
    report = msgspec.structs.replace(
        portfolio(), categories=(category("c", "C", *parts),), score=50.27, score_range=(50.27, 50.27)
    )
    assert [words.earned(part) for part in parts] == ["17.3", "31.9"]
    assert words.sum_of(report.categories[0]) == "49.2 of 98"
    assert words.score(report.score, report.score_range) == "50.2"
    assert words.scaled(report) == "49.269 of 98 points make 50.27 of 100"
    assert words.scaled(msgspec.structs.replace(report, categories=())) is None
    assert words.gained(2.69) == "+2.6"


def test_a_sum_of_100_is_cut_as_the_score_is() -> None:
    """40.6961 by the kept shares is the score of 40.7 by its own."""
    part = criterion("a", "A", 100, 40.6961, 40.6961, [])
    made = msgspec.structs.replace(portfolio(), categories=(category("c", "C", part),), score_range=(40.7, 40.7))
    assert words.total(made) == ("40.7", "100", (40.7, 40.7))
    apart = words.total(msgspec.structs.replace(made, score_range=(39.0, 39.0)))
    assert apart is not None, "a ceiling holds the score, and the sum stays what it is"
    assert apart[0] == "40.6"


def test_a_third_that_the_report_keeps_with_two_decimals_is_shown_whole() -> None:
    for weight, share, shown in ((3, 33.33, "1"), (18, 33.33, "6"), (18, 66.66, "11.9"), (12, 100, "12")):
        assert words.earned(criterion("a", "A", weight, share, share, [])) == shown


def test_what_does_not_apply_is_no_part_of_a_sum() -> None:
    beside = msgspec.structs.replace(
        criterion("b", "B", 50, 0, 0, []), score=None, score_range=(0.0, 100.0), coverage=0.0, applies=False
    )
    group = category("c", "C", criterion("a", "A", 10, 50, 75, []), beside)
    assert words.sum_of(group) == "5–7.5 of 10"
    assert words.sum_of(category("c", "C", beside)) == "does not apply"
    total = words.total(msgspec.structs.replace(portfolio(), categories=(group,)))
    assert total == ("5–7.5", "10", (50.0, 75.0))
    assert words.total(msgspec.structs.replace(portfolio(), categories=())) is None


@pytest.mark.parametrize(
    ("bounds", "band", "said"),
    [
        ((39.96, 39.96), "not yet", "Developing begins at 40, 0.1 points above this score"),
        ((48.2, 56.9), "developing", "Interview-ready begins at 60, 11.8 points above the lower end"),
        ((30.0, 50.0), "between not yet and developing", None),
        ((93.0, 95.0), "strong", None),
    ],
)
def test_the_next_band_and_how_far_it_is(bounds: tuple[float, float], band: str, said: str | None) -> None:
    report: Report = msgspec.structs.replace(portfolio(), score_range=bounds, band=band)
    assert words.next_band(report) == said


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("no merged pull request found", "No merged pull request found."),
        ("good; a few things are left", "Good; a few things are left."),
        ("src/app.py has no test", "src/app.py has no test."),
        ("3 of 4 found.", "3 of 4 found."),
        ("iPhone data", "iPhone data."),
    ],
)
def test_a_phrase_becomes_a_sentence_and_a_name_stays(phrase: str, said: str) -> None:
    assert words.sentence(phrase) == said


def test_where_the_data_came_from() -> None:
    online = portfolio()
    assert words.source(online) == "data read 2026-11-20 10:11 UTC"
    assert words.source(msgspec.structs.replace(online, data_time=None)) == "data read at an unrecorded time"


def test_a_sum_is_never_said_to_be_more_than_it_is_shown_as() -> None:
    """42.598 of 98 is shown as 42.5 beside it, so 42.6 would be another number."""
    part = criterion("a", "A", 98, 100 * 42.598 / 98, 100 * 42.598 / 98, [])
    made = msgspec.structs.replace(portfolio(), categories=(category("c", "C", part),), score_range=(43.46, 43.46))
    assert words.scaled(made) == "42.598 of 98 points make 43.46 of 100"
    assert words.sum_of(made.categories[0]) == "42.5 of 98"
