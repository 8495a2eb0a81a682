import pytest

from bird_calls.confusion import draw, matrix, shares, worst

PAIRS = [(0, 0), (0, 1), (0, 1), (1, 1)]


def test_rows_are_the_true_species():
    assert matrix(PAIRS, 2).tolist() == [[1, 2], [0, 1]]


def test_shares_of_a_row_add_up_to_one():
    assert shares(matrix(PAIRS, 2))[0].sum() == pytest.approx(1)


def test_the_most_frequent_confusion_comes_first():
    assert worst(matrix(PAIRS, 2), ["coal tit", "marsh tit"]) == [("coal tit", "marsh tit", 2)]


def test_the_picture_has_a_cell_for_each_pair(tmp_path):
    target = tmp_path / "confusion.svg"
    draw(matrix(PAIRS, 2), target)
    assert target.read_text().count("<rect") == 4
