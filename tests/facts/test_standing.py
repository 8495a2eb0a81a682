"""Standing: whose a repository is, and whether it is listed."""

from typing import Any

import msgspec
import pytest

from portfolio_audit.facts.standing import Coursework, Standing
from portfolio_audit.snapshot import Comparison, Parent, Snapshot
from portfolio_audit.testing import TreeRepository, make_portfolio, make_record, make_repository

CODE = "".join(f"value_{n} = {n} * factor\n" for n in range(320))
SMALL = "import torch\nmodel = torch.nn.Linear(2, 1)\n"
FORK: dict[str, Any] = {
    "fork": True,
    "created_at": "2025-01-01T00:00:00Z",
    "pushed_at": "2025-03-01T00:00:00Z",
    "parent": Parent("other/project", head="2" * 40),
}


def standing(files: dict[str, str] | None, *, unread: dict[str, str] | None = None, **record: Any) -> Standing:
    return of(make_repository(files, record=make_record("project", **record), unread=unread))


def of(repository: TreeRepository) -> Standing:
    (member,) = make_portfolio([repository]).repositories
    made = member.fact(Standing)
    assert made is not None
    return made


def test_an_own_repository_with_enough_code_is_listed() -> None:
    made = standing({"app.py": CODE})
    assert (made.own, made.counted, made.why_not_counted, made.lines) == (True, True, None, 320)


def test_archiving_pins_and_topics_change_nothing() -> None:
    assert standing({"app.py": CODE}, archived=True) == standing({"app.py": CODE})
    assert standing({"app.py": CODE}, topics=("course",)) == standing({"app.py": CODE})


def test_little_code_is_own_but_not_listed() -> None:
    made = standing({"app.py": SMALL})
    assert (made.own, made.counted) == (True, False)
    assert made.why_not_counted == "2 own code lines, fewer than 300"


def test_vendored_and_generated_code_is_not_own() -> None:
    assert standing({"node_modules/a.js": CODE, "dist/b.js": CODE, "app.py": SMALL}).counted is False


def test_an_empty_repository_is_not_listed() -> None:
    made = standing(None, empty=True)
    assert (made.own, made.counted, made.why_not_counted, made.ai) == (True, False, "empty", False)


def test_unread_files_leave_the_standing_open() -> None:
    unread = standing(None)
    assert (unread.own, unread.counted, unread.ai, unread.lines) == (True, None, None, None)
    gaps = standing({"app.py": SMALL}, unread={"big.py": "over a budget"})
    assert (gaps.counted, gaps.lines) == (None, 2)
    assert standing({"app.py": CODE}, unread={"big.py": "over a budget"}).counted is True


def test_ai_work_is_read_from_code() -> None:
    assert standing({"app.py": SMALL}).ai is True
    assert standing({"app.py": CODE}).ai is False


def test_an_unchanged_fork_is_not_own() -> None:
    made = standing({"app.py": CODE}, **FORK, comparison=Comparison(ahead_by=0))
    assert (made.own, made.counted, made.why_not_counted) == (False, False, "a fork without own commits")


def test_a_fork_never_pushed_to_is_unchanged_even_without_a_comparison() -> None:
    made = standing({"app.py": CODE}, **{**FORK, "pushed_at": "2024-12-01T00:00:00Z"})
    assert (made.own, made.why_not_counted) == (False, "a fork without own commits")


def test_a_fork_counts_by_what_was_added_to_it() -> None:
    files = {f"part_{n}.py": CODE for n in range(5)}
    rebuilt = standing(files, **FORK, comparison=Comparison(ahead_by=40, files=("part_0.py", "part_1.py")))
    assert (rebuilt.own, rebuilt.counted) == (True, True)
    repaired = standing(
        {**files, **{f"more_{n}.py": CODE for n in range(20)}},
        **FORK,
        comparison=Comparison(ahead_by=1, files=("part_0.py", "README.md")),
    )
    assert (repaired.own, repaired.counted) == (False, False)
    assert repaired.why_not_counted == "a fork; own commits change 1 of 25 code files"


def test_a_comparison_that_failed_leaves_a_fork_open() -> None:
    made = standing({"app.py": CODE}, **FORK, unavailable={"comparison": "502 from the service"})
    assert (made.own, made.counted) == (None, None)
    assert made.why_not_counted is not None
    assert "502 from the service" in made.why_not_counted
    unread = standing(None, **FORK, comparison=Comparison(ahead_by=3, files=("a.py",)))
    assert (unread.own, unread.counted) == (None, None)


def test_what_is_never_compared_is_not_counted_and_not_open() -> None:
    made = standing({"app.py": CODE}, **{**FORK, "parent": None})
    assert (made.own, made.counted) == (False, False)
    newer = [
        make_repository({}, record=make_record(f"newer-{n}", **{**FORK, "pushed_at": "2026-01-01T00:00:00Z"}))
        for n in range(6)
    ]
    old = make_repository({"app.py": CODE}, record=make_record("old", **FORK))
    *_, last = make_portfolio([*newer, old]).repositories
    seventh = last.fact(Standing)
    assert seventh is not None
    assert seventh.own is False


def test_without_a_token_a_fork_is_not_counted_and_not_accused() -> None:
    repository = make_repository({"app.py": CODE}, record=make_record("project", **FORK))
    portfolio = make_portfolio([repository])
    anonymous: Snapshot = msgspec.structs.replace(portfolio.snapshot, mode="anonymous")
    made = repository.within(anonymous).fact(Standing)
    assert made is not None
    assert made.own is False
    assert made.why_not_counted is not None
    assert "not known" in made.why_not_counted


def test_a_mirror_is_not_own() -> None:
    assert standing({"app.py": CODE}, mirror=True).own is False


@pytest.mark.parametrize(
    ("files", "notes"),
    [
        (("homework/01-intro/a.py", "homework/02-track/b.py", "homework/03-flow/c.py", "run.sh"), True),
        (("week_1/a.ipynb", "week_2/b.ipynb", "week_3/c.ipynb"), True),
        (("Lecture 1.ipynb", "Lecture 2.ipynb", "Lecture 3.ipynb", "Lecture 4.ipynb"), True),
        (("day01/a.py", "day02/b.py", "day03/c.py"), True),
        (("src/lessons/api.py", "src/app.py", "src/models.py", "src/views.py"), False),
        (("modules/a.py", "modules/b.py", "modules/c.py"), False),
        (("weekly/a.py", "weekly/b.py", "weekly/c.py"), False),
        (("today/a.py", "today/b.py", "holiday/c.py"), False),
        (("label_2d/a.py", "label_3d/b.py", "collab1/c.py"), False),
        (("homework/a.py", "homework/b.py"), False),
    ],
)
def test_course_notes_are_told_by_their_units(files: tuple[str, ...], notes: bool) -> None:
    found = make_repository(dict.fromkeys(files, "x = 1\n")).fact(Coursework)
    assert found is not None
    assert found.notes is notes


def test_course_notes_are_own_but_not_listed() -> None:
    made = standing({f"homework/0{n}/solution.py": CODE for n in range(1, 5)})
    assert (made.own, made.counted) == (True, False)
    assert made.why_not_counted is not None
    assert made.why_not_counted.startswith("course notes: 4 of 4 code files")


def test_the_page_of_the_profile_is_no_project_unless_code_lies_there() -> None:
    record = make_record("Ada", full_name="ada/Ada")

    def judged(files: dict[str, str]) -> Standing:
        page = make_repository(files, record=record)
        made = page.within(make_portfolio([page]).snapshot).fact(Standing)
        assert made is not None
        return made

    page = judged({"README.md": "# Hi, I am Ada\n\nI build models of bees.\n"})
    assert (page.own, page.counted, page.why_not_counted) == (False, False, "the page of the profile, judged as such")
    assert judged({"README.md": "# Hi\n", "app.py": CODE}).counted is True
    alone = make_repository({"README.md": "# Hi\n"}, record=record).fact(Standing)
    assert alone is not None
    assert alone.own is True


def test_a_blog_is_writing_and_no_listed_project() -> None:
    post = "---\ntitle: Bees\n---\n\nWords.\n"
    site = {"_config.yml": "theme: minima\n", "_posts/2024-01-02-bees.md": post, "_posts/2024-02-03-hives.md": post}
    helpers = {f"_posts/code/part_{n}.py": CODE for n in range(4)}
    made = standing({**site, **helpers})
    assert (made.own, made.counted) == (True, False)
    assert made.why_not_counted == "a blog: 4 of 4 code files lie among its posts, judged as technical writing"
    assert standing({**site, **{f"src/part_{n}.py": CODE for n in range(4)}}).counted is True


def test_the_same_files_twice_are_one_project() -> None:
    tree = "5" * 40
    old = make_repository({"app.py": CODE}, record=make_record("bees", tree=tree, created_at="2024-01-01T00:00:00Z"))
    new = make_repository({"app.py": CODE}, record=make_record("apes", tree=tree, created_at="2025-01-01T00:00:00Z"))
    portfolio = make_portfolio([old, new])
    first, second = (each.fact(Standing) for each in portfolio.repositories)
    assert first is not None
    assert second is not None
    assert first.counted is True
    assert (second.own, second.counted) == (True, False)
    assert second.why_not_counted == "the same files as sample-owner/bees"
