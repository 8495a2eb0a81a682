"""Copies are found whatever was renamed; originals, forks that were rewritten and own code are not accused."""

import json

import msgspec
import pytest

from portfolio_audit.facts import copies
from portfolio_audit.facts.copies import INDEX, CopiedFile, Copies, Source
from portfolio_audit.facts.fingerprints import Fingerprint, steps
from portfolio_audit.facts.own_work import OwnWork, SimilarFile, origins_of
from portfolio_audit.facts.signals import Signals
from portfolio_audit.facts.tutorial_index import decode, encode, stamp
from portfolio_audit.snapshot import Comparison, Details, Parent
from portfolio_audit.testing import Files, TreeRepository, make_record, make_repository, make_tree
from portfolio_audit.tree import File, SourceTree, blob_oid
from tests.facts import tutorials
from tests.facts.tutorials import OTHER, SCRIPT, TUTORIAL


@pytest.fixture(autouse=True)
def _one_tutorial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "shipped", tutorials.index)


def work(files: Files, **fields: object) -> OwnWork:
    record = msgspec.structs.replace(make_record("project"), **fields)
    found = make_repository(files, record=record).fact(OwnWork)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "change", [str, tutorials.renamed, tutorials.relettered, tutorials.reformatted, lambda text: text + "\nx = 1\n"]
)
def test_a_copy_is_found_with_its_place_and_its_origin(change: object) -> None:
    found = work({"count.py": change(TUTORIAL)})  # type: ignore[operator]
    assert found.verdict == "mostly"
    assert found.origins == ("invented-school/bee-lessons",)
    (file,) = found.files
    assert file.share > 0.9
    assert file.whole or (file.line and file.line < 12 and file.end_line and file.end_line > 45)


def test_a_copy_in_a_notebook_names_its_cell() -> None:
    cells = [{"cell_type": "code", "source": text, "outputs": []} for text in ("x = 1", TUTORIAL + "\ny = 2")]
    (file,) = work({"bees.ipynb": json.dumps({"cells": cells, "metadata": {}, "nbformat": 4})}).files
    assert (file.cell, file.origin) == (2, "invented-school/bee-lessons")


def test_own_code_is_original() -> None:
    found = work({"read.py": OTHER})
    assert (found.verdict, found.share, found.files) == ("original", 0.0, ())


def test_a_borrowed_part_is_contained_and_weighed_by_the_whole_repository() -> None:
    own = "\n\n".join(OTHER.replace("read_", f"part{n}_") for n in range(4))
    assert work({"count.py": TUTORIAL, "own.py": own}).verdict == "contains"
    program = "\n".join(f"hive{n} := count({n}, frames[{n}])" for n in range(900))
    found = work({"count.py": TUTORIAL, "app.go": program})
    assert found.share is not None
    assert found.share < 0.1
    assert found.verdict is None, "most of it was not compared"


def test_short_idioms_are_no_copies() -> None:
    idiom = "".join(TUTORIAL.splitlines(keepends=True)[8:13])
    assert work({"count.py": OTHER + "\n\n\nclass Mine:\n" + idiom}).verdict == "original"


def test_repeated_blocks_count_once() -> None:
    lines = TUTORIAL.splitlines(keepends=True)
    block = "".join(lines[15:19])
    assert Copies.distil(make_tree({"count.py": block * 12})).files == ()  # type: ignore[union-attr]


@pytest.mark.parametrize("full_name", ["invented-school/bee-lessons", "Invented-School/renamed", "invented-school/new"])
def test_an_original_is_no_copy_of_itself(full_name: str) -> None:
    found = work({"count.py": TUTORIAL}, full_name=full_name)
    assert (found.verdict, found.files) == ("original", ())


def test_an_original_is_not_accused_of_what_others_took_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    grams = dict.fromkeys(Fingerprint(TUTORIAL).winnowed(), (0, 1))
    origins = dict.fromkeys(("invented-school/bee-lessons", "invented-collector/many-lessons"), "")
    both = decode(encode(origins, grams, {}, steps(TUTORIAL.encode())))
    monkeypatch.setattr(copies, "shipped", lambda: both)
    assert work({"count.py": TUTORIAL}, full_name="invented-school/bee-lessons").verdict == "original"
    assert work({"count.py": TUTORIAL}, full_name="sample-owner/bees").verdict == "mostly"


PARENT = Parent(full_name="invented-school/bee-lessons")


def test_an_unchanged_fork_is_a_copy_by_ancestry() -> None:
    found = work({"read.py": OTHER}, fork=True, parent=PARENT, comparison=Comparison(ahead_by=0))
    assert (found.verdict, found.ancestry) == ("mostly", "invented-school/bee-lessons")


def test_a_rewritten_fork_is_measured_by_its_code() -> None:
    changed = Comparison(ahead_by=40, files=("read.py",))
    assert work({"read.py": OTHER}, fork=True, parent=PARENT, comparison=changed).verdict == "original"
    assert work({"count.py": TUTORIAL}, fork=True, parent=PARENT, comparison=changed).verdict == "mostly"


def test_a_fork_of_the_owners_own_repository_is_measured_by_its_code() -> None:
    mine = Parent(full_name="sample-owner/bees")
    assert work({"read.py": OTHER}, fork=True, parent=mine, comparison=Comparison(ahead_by=0)).verdict == "original"


TEMPLATE = "invented-school/bee-template"


def test_an_unchanged_copy_of_a_template_is_the_templates_work() -> None:
    found = work({"read.py": OTHER}, template_of=TEMPLATE, details=Details(commit_count=1))
    assert (found.verdict, found.ancestry, found.generated) == ("mostly", TEMPLATE, True)


@pytest.mark.parametrize(
    ("template", "details"),
    [(TEMPLATE, Details(commit_count=2)), (TEMPLATE, None), ("sample-owner/mine", Details(commit_count=1))],
)
def test_a_template_that_was_worked_on_or_is_ones_own_is_measured_by_the_code(
    template: str, details: Details | None
) -> None:
    found = work({"read.py": OTHER}, template_of=template, details=details)
    assert (found.verdict, found.ancestry) == ("original", None)


@pytest.mark.parametrize(
    ("created", "verdict"), [("2020-05-20", "original"), ("2020-08-01", "mostly"), (None, "mostly")]
)
def test_an_original_under_another_account_is_told_by_its_name_and_age(created: str | None, verdict: str) -> None:
    """The account was renamed since the index was built: same repository name, there since the first commit."""
    found = work(
        {"count.py": TUTORIAL},
        name="bee-lessons",
        full_name="new-name/bee-lessons",
        created_at=f"{created}T08:00:00Z" if created else None,
    )
    assert found.verdict == verdict


@pytest.mark.parametrize(("created", "verdict"), [("2019-01", "original"), ("2020-08", "mostly")])
def test_who_was_there_before_the_origin_is_no_copy_of_it(created: str, verdict: str) -> None:
    assert work({"count.py": TUTORIAL}, created_at=f"{created}-01T08:00:00Z").verdict == verdict


def test_the_origin_of_most_of_the_code_is_named_first() -> None:
    def similar(path: str, origin: str, tokens: int, *also: str) -> SimilarFile:
        return SimilarFile(path, origin, 0.9, tokens, also=also)

    files = [
        similar("a.py", "school/old", 300, "school/new"),
        similar("b.py", "club/hives", 200),
        similar("c.py", "club/hives", 200),
    ]
    assert origins_of(files) == ("club/hives", "school/old", "school/new")


@pytest.mark.parametrize("created", ["2020-08", "2022-02"])
def test_what_somebody_began_later_hides_no_earlier_origin(monkeypatch: pytest.MonkeyPatch, created: str) -> None:
    """The same lesson of two schools, and of one of them once more: the first of what was there before is named."""
    origins = {"invented-school/bee-lessons": "2020-05-01", "club/hives": "2022-01-01", "club/old-hives": "2021-01-01"}
    grams = dict.fromkeys(Fingerprint(TUTORIAL).winnowed(), (0, 1, 2))
    both = decode(encode(origins, grams, {}, steps(TUTORIAL.encode())))
    monkeypatch.setattr(copies, "shipped", lambda: both)
    found = work({"count.py": TUTORIAL}, created_at=f"{created}-01T08:00:00Z")
    expected = ("invented-school/bee-lessons",) if created == "2020-08" else ("club/old-hives", "club/hives")
    assert (found.verdict, found.origins) == ("mostly", expected)


def test_many_lines_in_one_commit_are_a_hint_and_no_verdict() -> None:
    found = work({"read.py": OTHER}, details=Details(commit_count=1))
    assert (found.verdict, found.commits) == ("original", 1)
    assert work({"read.py": OTHER}, details=Details(commit_count=9)).commits is None


def test_a_file_that_could_not_be_read_is_known_by_its_blob() -> None:
    content = TUTORIAL.encode()
    files = [File("count.py", len(content), blob_oid(content))]
    read = Copies.distil(SourceTree(files, {}, unread={"count.py": "missing from the archive"}))
    assert read is not None
    assert read.incomplete is None
    assert [(file.path, file.tokens, file.sources[0].whole) for file in read.files] == [("count.py", 300, True)]


def test_examples_that_tests_read_are_no_copies() -> None:
    assert work({"tests/fixtures/count.py": TUTORIAL, "read.py": OTHER}).verdict == "original"


@pytest.mark.parametrize(
    "change",
    [
        str,
        lambda text: text.replace("counts", "numbers").replace("answer", "got").replace("setBusy", "setWaiting"),
        lambda text: text.replace("'", '"').replace("40", "77"),
        lambda text: text.replace("{ ", "{").replace(" }", "}").replace(";\n", ";\n\n"),
        lambda text: "// typed in\n/* on a train */\n" + text,
    ],
)
@pytest.mark.parametrize("path", ["src/Board.jsx", "src/board.tsx"])
def test_a_copy_in_a_script_is_found(monkeypatch: pytest.MonkeyPatch, change: object, path: str) -> None:
    monkeypatch.setattr(copies, "shipped", lambda: tutorials.index(text=SCRIPT, language="JavaScript"))
    found = work({path: change(SCRIPT)})  # type: ignore[operator]
    assert (found.verdict, found.origins) == ("mostly", ("invented-school/bee-lessons",))


def test_unread_files_leave_it_open() -> None:
    repository = make_repository({"read.py": OTHER}, unread={"more.py": "over the budget"})
    found = repository.fact(OwnWork)
    assert found is not None
    assert found.verdict is None
    assert found.incomplete
    signals = repository.fact(Signals)
    assert signals is not None
    assert signals.values["tutorial_copy"] is None


@pytest.mark.parametrize(("size", "verdict"), [(90, "mostly"), (90_000, None), (0, None)])
def test_a_copy_is_told_where_no_unread_file_could_change_it(size: int, verdict: str | None) -> None:
    files = [File("count.py", len(TUTORIAL)), File("more.py", size)]
    source = SourceTree(files, {"count.py": TUTORIAL.encode()}, unread={"more.py": "over the budget"})
    empty = make_repository({})
    found = TreeRepository(empty.record, empty.snapshot, source).fact(OwnWork)
    assert found is not None
    assert (found.incomplete, found.verdict) == ("1 of 2 code files", verdict)


@pytest.mark.parametrize(
    ("path", "verdict"),
    [("original_count.py", "original"), ("reference/count.py", "original"), ("count.py", "contains")],
)
def test_an_original_that_is_kept_for_comparison_is_nobodys_claim(path: str, verdict: str) -> None:
    port = "\n\n".join(OTHER.replace("read_", f"part{n}_") for n in range(2))
    assert work({path: TUTORIAL, "port.py": port}).verdict == verdict
    assert work({path: TUTORIAL}).verdict == "mostly", "there is nothing else"


def test_without_code_there_is_nothing_to_ask() -> None:
    assert make_repository({"README.md": "# Bees\n"}).fact(OwnWork) is None


def test_what_is_vendored_is_not_compared() -> None:
    assert work({"vendor/count.py": TUTORIAL, "read.py": OTHER}).verdict == "original"


def test_facts_are_read_again_with_another_index() -> None:
    assert stamp() == INDEX
    assert Copies.version.endswith(INDEX)


@pytest.mark.parametrize(
    ("readme", "said"), [("# Bees\n\nI followed this tutorial by Ada Sample.\n", True), ("# B\n", False)]
)
def test_signals_call_it_a_copy_from_code_or_by_its_own_word(readme: str, said: bool) -> None:
    own = make_repository({"README.md": readme, "read.py": OTHER}).fact(Signals)
    copied = make_repository({"README.md": readme, "count.py": TUTORIAL}).fact(Signals)
    assert own is not None
    assert copied is not None
    assert own.values["tutorial_copy"] is said
    assert own.values["copy_verdict"] == "original", "the verdict is measured from code alone"
    assert bool(own.values["follows_tutorial"]) is said
    assert (copied.values["tutorial_copy"], copied.values["copy_sources"]) == (True, ["invented-school/bee-lessons"])


def test_a_program_of_a_few_lines_is_told_to_be_similar_and_no_more() -> None:
    lines = TUTORIAL.split("\n")
    few = next(
        "\n".join(lines[:n]) for n in range(len(lines), 0, -1) if len(Fingerprint("\n".join(lines[:n])).codes) < 100
    )
    found = work({"count.py": few})
    assert found.verdict != "mostly"
    assert found.share is not None
    more = work({"count.py": TUTORIAL})
    assert more.verdict == "mostly"


LESSONS = "invented-school/bee-lessons"


def measured(
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, tuple[int, int]],
    tokens: int,
    notebooks: int = 0,
    unread: int = 0,
    origin: str = LESSONS,
) -> OwnWork:
    """What is said of code of so many tokens, with files of (tokens, tokens that are similar)."""
    found = tuple(CopiedFile(path, of, (Source(origin, similar),)) for path, (of, similar) in files.items())
    incomplete = "1 of 9 code files" if unread else None
    copies_of = Copies(incomplete, tokens, notebooks, unread, len(files), found)
    monkeypatch.setattr(Copies, "distil", classmethod(lambda cls, tree: copies_of))
    return work({"read.py": OTHER})


@pytest.mark.parametrize(
    ("files", "verdict"),
    [
        ({"a.py": (1000, 449)}, "contains"),
        ({"a.py": (1000, 450)}, "mostly"),
        ({"a.py": (340, 340)}, "mostly"),
        ({"a.py": (339, 339)}, "contains"),
        ({"a.py": (340, 170), "b.py": (600, 170)}, "mostly"),
        ({"a.py": (341, 170), "b.py": (600, 171)}, "contains"),
        ({"a.py": (700, 349)}, "contains"),
        ({"a.py": (100, 100)}, "contains"),
        ({"a.py": (99, 99)}, "original"),
    ],
)
def test_a_copy_is_nearly_half_of_the_code_or_a_third_of_it_in_solid_files(
    monkeypatch: pytest.MonkeyPatch, files: dict[str, tuple[int, int]], verdict: str
) -> None:
    found = measured(monkeypatch, files, tokens=1000)
    assert (found.verdict, found.outside) == (verdict, None)


@pytest.mark.parametrize(("files", "verdict"), [({"a.py": (100, 100)}, "mostly"), ({"a.py": (99, 99)}, "contains")])
def test_a_hundred_tokens_are_the_least_copy(
    monkeypatch: pytest.MonkeyPatch, files: dict[str, tuple[int, int]], verdict: str
) -> None:
    assert measured(monkeypatch, files, tokens=110).verdict == verdict


PROGRAMS = {f"src/part{n}.py": (100, 57) for n in range(4)}


@pytest.mark.parametrize(
    ("files", "tokens", "outside"),
    [
        (PROGRAMS, 800, 0.456),
        ({**PROGRAMS, "src/part3.py": (100, 49)}, 800, None),
        ({**PROGRAMS, "src/part3.py": (100, 53)}, 800, None),
        ({path: PROGRAMS[path] for path in list(PROGRAMS)[:3]}, 630, None),
        ({**PROGRAMS, "src/part3.ipynb": (100, 57), "src/part3.py": (100, 0)}, 800, None),
        (PROGRAMS, 920, None),
    ],
)
def test_programs_beside_own_notebooks_are_a_copy_if_most_of_them_is_solid_and_of_one_owner(
    monkeypatch: pytest.MonkeyPatch, files: dict[str, tuple[int, int]], tokens: int, outside: float | None
) -> None:
    """Of 500 tokens outside notebooks; with 920 tokens in all, less than a quarter of them is similar."""
    found = measured(monkeypatch, files, tokens, notebooks=tokens - 500)
    assert (found.verdict, found.outside) == ("mostly" if outside else "contains", outside)


def test_programs_of_several_owners_are_nobodys_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    owners = ("invented-school/a", "invented-school/b", "invented-college/a", "invented-college/b")
    found = tuple(
        CopiedFile(path, of, (Source(owner, similar),))
        for owner, (path, (of, similar)) in zip(owners, PROGRAMS.items(), strict=True)
    )
    copies_of = Copies(tokens=800, notebooks=300, compared=4, files=found)
    monkeypatch.setattr(Copies, "distil", classmethod(lambda cls, tree: copies_of))
    assert work({"read.py": OTHER}).verdict == "contains"


@pytest.mark.parametrize(("unread", "verdict"), [(100, "mostly"), (200, "mostly"), (201, None)])
def test_what_was_not_read_could_be_own_or_similar_in_no_solid_file(
    monkeypatch: pytest.MonkeyPatch, unread: int, verdict: str | None
) -> None:
    """Of 400 similar tokens 300 are solid: with 200 more that are not, half of them still are."""
    files = {"a.py": (300, 300), "b.py": (500, 100)}
    assert measured(monkeypatch, files, tokens=900, unread=unread).verdict == verdict
