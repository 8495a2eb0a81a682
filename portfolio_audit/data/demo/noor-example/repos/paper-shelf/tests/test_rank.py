import numpy as np
import pytest

from paper_shelf.cut import Passage
from paper_shelf.measure import Question, recall
from paper_shelf.rank import by_words, fuse, rank

TEXTS = ["drop-out in online courses", "weather on the coast", "bees and their hives"]
PASSAGES = [Passage("a.txt", number, number, text) for number, text in enumerate(TEXTS, 1)]


def letters(texts):
    made = np.array([[text.count(letter) for letter in "abcdefghij"] for text in texts], dtype=np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def test_a_word_that_only_one_passage_has_decides():
    scores = by_words("Where are the hives?", PASSAGES)
    assert scores.index(max(scores)) == 2


def test_the_first_of_both_orders_wins():
    scores = fuse([[1, 0, 2], [1, 2, 0]], 3)
    assert scores[1] == max(scores)


def test_rank_returns_no_more_than_asked_for():
    assert len(rank("bees", PASSAGES, letters(TEXTS), letters, top=2)) == 2


def test_recall_needs_questions():
    with pytest.raises(ValueError, match="no questions"):
        recall([], lambda text: [])


def test_recall_counts_the_questions_that_were_found():
    questions = [Question("bees", "a.txt", 3), Question("bees", "a.txt", 9)]
    assert recall(questions, lambda text: rank(text, PASSAGES, letters(TEXTS), letters)) == 0.5
