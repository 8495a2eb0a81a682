from paper_shelf.cut import LARGEST, cut


def test_short_paragraphs_are_joined(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("One two three.\n\nFour five six.\n")
    (passage,) = cut(path)
    assert passage.text == "One two three. Four five six."
    assert (passage.first_line, passage.last_line) == (1, 3)


def test_long_paragraphs_are_split_at_a_sentence(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("word " * 100 + "end. " + "word " * 150)
    first, second = cut(path)
    assert first.text.endswith("end.")
    assert second.words <= LARGEST
