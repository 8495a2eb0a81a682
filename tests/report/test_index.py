"""The page that leads to several reports."""

from portfolio_audit.report import index
from tests.golden.portfolio import portfolio
from tests.golden.reading import parsed, prose
from tests.golden.states import certain, folder


def test_the_index_names_score_band_and_first_step_of_each() -> None:
    page = index.render("Invented people", [index.Row("ada.html", portfolio()), index.Row("done.html", certain())])
    said = prose(page)
    assert "Ada Invented (invented) First to do, +17.6: Take one open issue in a library you use." in said
    assert "41.1–51.7 developing" in said
    assert "No fix that alone would raise the score by half a point" in said
    assert [node.attributes["href"] for node in parsed(page).css("a.lead")] == ["./ada.html", "./done.html"]


def test_the_index_has_words_for_nothing_and_for_a_folder() -> None:
    assert "There is no report here." in prose(index.render("Nobody", []))
    assert "7 repositories, each with a score of its own" in prose(index.render("F", [index.Row("f.html", folder())]))
