"""The profile page: a README that introduces, and pins that show the best; both kind where nothing could be seen."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_audit.api import Outcome
from portfolio_audit.facts.pins import Pin, Pins
from portfolio_audit.snapshot import Comparison, Owner, Snapshot
from portfolio_audit.testing import TreeRepository, find_check, make_portfolio, make_record, make_repository, run_check

CODE = "import torch\nfrom torch import nn\n" + "".join(f"layer_{n} = nn.Linear({n}, {n})\n" for n in range(1, 320))
README = "# Hive\n\nCounts the bees in photographs of hives, so that keepers see losses early.\n"
SNAPSHOT = Snapshot(
    mode="authenticated",
    scope="portfolio",
    owner=Owner("User", "sample-owner", url="https://github.example/sample-owner"),
    pinned=(),
)
HELLO = (
    "### Hi, I am Kim\n\nI build small models that listen to hives, and look for work as an ML engineer.\n\n"
    "- [hive](https://github.example/sample-owner/hive) counts bees\n"
)
TEMPLATE = (
    "- 👋 Hi, I’m @sample-owner\n- 👀 I’m interested in ...\n- 🌱 I’m currently learning ...\n"
    "- 📫 How to reach me ...\n\n<!---\nsample-owner/sample-owner is a ✨ special ✨ repository because its "
    "`README.md` (this file) appears on your GitHub profile.\n--->\n"
)
COMMENTED = (
    "### Hi there 👋\n\n<!--\n**a/a** is a ✨ _special_ ✨ repository.\n\n- 🔭 I’m currently working on ...\n-->\n"
)
WIDGETS = "# Hello\n\n" + "".join(
    f"![stats](https://stats.example.org/api?username=x&n={n})\n<img\n  alt='some words of a picture'\n src='y.svg'>\n"
    for n in range(9)
)


def project(name: str, *, readme: str | None = README, code: str = CODE, **record: Any) -> TreeRepository:
    files = {"train.py": code} | ({} if readme is None else {"README.md": readme})
    return make_repository(files, record=make_record(name, **record))


def greet(readme: str | None, *others: TreeRepository, **snapshot: Any) -> Outcome:
    """The answer on a profile README."""
    home = () if readme is None else (make_repository({"README.md": readme}, name="sample-owner"),)
    given = msgspec.structs.replace(SNAPSHOT, **snapshot)
    return run_check("profile-readme", portfolio=make_portfolio([*home, *others], snapshot=given))


def pin(names: str, *repositories: TreeRepository, **snapshot: Any) -> Outcome:
    """The answer on these pins, names without their owner."""
    full = tuple(name if "/" in name else f"sample-owner/{name}" for name in names.split())
    given = msgspec.structs.replace(SNAPSHOT, **({"pinned": full} | snapshot))
    return run_check("pinned-best", portfolio=make_portfolio(repositories, snapshot=given))


def test_a_readme_that_introduces_and_leads_on_passes_and_shows_where() -> None:
    outcome = greet(HELLO, project("hive"))
    assert outcome.status == "passed"
    assert [(place.repository, place.path, place.line) for place in outcome.evidence] == [
        ("sample-owner/sample-owner", "README.md", 3),
        ("sample-owner/sample-owner", "README.md", 5),
    ]
    assert outcome.evidence[0].note.startswith("I build small models")


def test_a_link_to_the_homepage_of_a_project_leads_to_it_too() -> None:
    text = HELLO.replace("https://github.example/sample-owner/hive", "https://www.hive-kim.dev/")
    assert greet(text, project("hive", homepage="hive-kim.dev")).status == "passed"
    assert greet(text, project("hive")).status == "partial"


def test_words_without_a_project_are_most_of_it() -> None:
    outcome = greet(HELLO)
    assert (outcome.status, outcome.score) == ("partial", 0.7)
    assert "links to no public repository" in outcome.summary


def test_links_to_own_names_that_no_public_repository_has_are_told_where_the_list_is_whole() -> None:
    text = HELLO + "".join(
        f"- [more](https://github.example/sample-owner/{path})\n"
        for path in ("Old-Hive", "old-hive/issues", "followers")
    )
    text += "- [theirs](https://github.example/another/thing)\n"
    outcome = greet(text, project("hive"))
    assert (outcome.status, outcome.score) == ("passed", 1)
    said = "leads to 1 project; linked too, but not found under that name among the public ones: Old-Hive"
    assert outcome.summary.endswith(said)
    assert greet(text).summary.endswith("among the public ones: hive and Old-Hive")
    for short in ({"unavailable": {"repositories": "1 of 9 could not be listed"}}, {"repository_count": 9}):
        assert greet(text, project("hive"), **short).summary.endswith("leads to 1 project")
    assert greet(HELLO, project("hive")).summary.endswith("leads to 1 project")


@pytest.mark.parametrize("text", [TEMPLATE, COMMENTED, WIDGETS, "# Hi there\n", "Hello, I am Kim.\n"])
def test_a_template_pictures_or_a_greeting_introduce_nobody(text: str) -> None:
    outcome = greet(text, project("hive"))
    assert outcome.status == "failed"
    assert outcome.evidence
    assert outcome.fix


def test_the_unfinished_lines_of_a_template_are_counted() -> None:
    said = "3 lines of the profile README still to be filled in: a template brought them"
    assert (greet(TEMPLATE).status, greet(TEMPLATE).summary) == ("failed", said)
    half = greet(TEMPLATE + "\n" + HELLO, project("hive"))
    assert (half.status, half.summary) == ("partial", said)


def test_a_prompt_that_is_answered_below_is_none() -> None:
    headings = (
        "## 🔭 I’m currently working on ...\n\nSmall models that listen to hives and tell when bees will swarm.\n"
    )
    items = "- 🌱 I’m currently learning ...\n  - how to serve small models on tiny computers in the field\n"
    for text in (headings, items):
        assert "links to no public repository" in greet(text).summary
        assert greet(text).status == "partial"


def test_a_short_line_on_oneself_is_a_beginning() -> None:
    outcome = greet("## Hello, my name is Kim\n\nMachine learning engineer\n")
    assert (outcome.status, outcome.score) == ("partial", 0.3)


def test_what_a_template_says_of_itself_is_no_introduction() -> None:
    shown = COMMENTED.replace("<!--\n", "").replace("-->\n", "\nHere are some ideas to get you started:\n")
    assert greet(shown.replace("repository.", "repository because its `README.md` (this file) …")).status == "failed"


def test_a_template_that_was_filled_in_introduces() -> None:
    filled = TEMPLATE.replace("I’m interested in ...", "I’m interested in sound, bees and small models ...")
    filled = filled.replace("learning ...", "learning to serve models on tiny computers")
    filled = filled.replace("reach me ...", "reach me: kim@example.org")
    assert greet(filled).status == "partial"
    assert "links to no public repository" in greet(filled).summary


def test_an_introduction_in_another_script_or_inside_code_counts() -> None:
    assert greet("# 你好\n\n我在做语音识别的小模型，正在寻找机器学习工程师的工作机会。\n").status == "partial"
    code = "# Hi\n\n```python\nbuilds = 'small models that listen to hives'\nwants = 'work as an ML engineer'\n```\n"
    assert greet(code).status == "partial"


def test_no_profile_readme_is_a_fact_only_where_one_would_have_been_seen() -> None:
    outcome = greet(None, project("hive"))
    assert outcome.status == "failed"
    assert outcome.searched
    refused = {"profile_readme": "refused"}
    assert greet(None, unavailable=refused).status == "unknown"
    assert greet(None, pinned=None).status == "unknown"
    assert greet(None, mode="anonymous", pinned=None).status == "failed"
    short = {"repositories": "3 of 9 public repositories could not be listed"}
    assert greet(None, mode="anonymous", pinned=None, unavailable=short).status == "unknown"
    known = Owner("User", "sample-owner", profile_readme="Hi")
    assert greet(None, owner=known).status == "unknown"


def test_a_profile_readme_that_could_not_be_read_is_unknown() -> None:
    assert greet(None, make_repository(None, name="sample-owner")).status == "unknown"


def test_an_empty_repository_of_ones_own_name_greets_nobody() -> None:
    home = make_repository(None, record=make_record("sample-owner", empty=True))
    assert greet(None, home).status == "failed"


@pytest.mark.parametrize("fields", [{"mode": "local"}, {"owner": Owner("Organization", "sample-owner")}])
def test_an_organisation_or_a_folder_has_no_profile_readme_of_this_kind(fields: dict[str, Any]) -> None:
    assert greet(None, **fields).status == "not_applicable"


def test_hostile_text_is_quoted_short_and_costs_little() -> None:
    text = "<!--" * 5000 + "-->\n" + "[" * 20000 + "\n" + "word " * 9000 + "\n" + "<a " * 9000
    outcome = greet(text)
    assert outcome.status == "partial"
    assert all(len(place.note) <= 200 for place in outcome.evidence)


# --- pins


def test_three_substantial_projects_among_the_pins_pass() -> None:
    outcome = pin("a b c", *map(project, "abcd"))
    assert outcome.status == "passed"
    assert [place.note for place in outcome.evidence] == [
        f"sample-owner/{n}: a substantial AI or data project" for n in "abc"
    ]


def test_fewer_pass_where_there_are_no_more() -> None:
    assert pin("a", project("a")).status == "passed"
    assert pin("a", project("a"), project("b")).score == 0.5


def test_what_is_left_out_is_named_in_the_fix() -> None:
    outcome = pin("a", project("a"), project("b"), project("c"), project("d"))
    assert (outcome.status, outcome.score) == ("partial", 1 / 3)
    assert outcome.fix is not None
    assert outcome.fix.startswith("Pin 2 of sample-owner/b, sample-owner/c and sample-owner/d:")
    whole = pin("a b", project("a"), project("b"), project("c"))
    assert whole.fix is not None
    assert whole.fix.startswith("Pin sample-owner/c:")
    assert outcome.effort == "minutes"


def test_what_seems_to_hold_a_password_is_looked_at_before_visitors_are_led_there() -> None:
    leaking = project("b", code=CODE + 'URL = "mongodb+srv://kim:Hf7tR2qLz9wB@cluster0.x1y2z.mongodb.net/bees"\n')
    outcome = pin("", project("a"), leaking)
    assert (outcome.fix or "").endswith("First look at what seems to be a key or password in sample-owner/b.")
    assert "First look" not in (pin("", project("a"), project("b")).fix or "")


def test_pins_that_show_something_else_are_named_kindly() -> None:
    fork = make_repository({"x.py": "x = 1\n"}, record=make_record("f", fork=True, comparison=Comparison(0)))
    course = make_repository({f"week_{n}/homework.py": CODE for n in range(1, 5)}, name="c")
    empty = make_repository(None, record=make_record("e", empty=True))
    followed = project("t", readme=README + "\nI followed the tutorial by Ada Sample.\n")
    outcome = pin("f c e t", fork, course, empty, followed, project("a"))
    assert outcome.status == "failed"
    notes = [place.note.partition(": ")[2] for place in outcome.evidence]
    assert notes[:3] == ["a fork", "course notes", "an empty repository"]
    assert notes[3].startswith("a repository that says it follows")
    assert "also pinned: a fork, course notes and an empty repository" in outcome.summary


def test_a_project_of_somebody_else_may_be_pinned() -> None:
    outcome = pin("a bees/library", project("a"))
    assert outcome.status == "passed"
    assert "somebody else" in outcome.evidence[1].note


def test_no_pins_say_what_github_shows_instead() -> None:
    outcome = pin("", *map(project, "abcd"))
    assert (outcome.status, outcome.score) == ("partial", 0.3)
    assert "popular" in outcome.summary
    assert outcome.searched
    assert pin("", project("a")).score == 0.3


def test_without_substantial_projects_the_other_own_ones_are_looked_for() -> None:
    plain = [project(name, code=CODE.replace("torch", "colours")) for name in "abc"]
    assert pin("a b c", *plain).status == "passed"
    assert pin("a", *plain).score == 1 / 3
    assert pin("x", make_repository({"x.py": "x = 1\n"}, name="x")).status == "not_applicable"


def test_pins_that_nobody_saw_are_unknown() -> None:
    outcome = pin("", project("a"), pinned=None, mode="anonymous", unavailable={"pinned": "needs a token"})
    assert (outcome.status, outcome.summary) == ("unknown", "needs a token")
    assert pin("", project("a"), pinned=None).status == "unknown"
    assert pin("", project("a"), mode="local").status == "not_applicable"


def test_an_unread_repository_leaves_it_open_only_where_it_could_change_the_answer() -> None:
    unread = make_repository(None, name="u")
    assert pin("a b c", project("a"), project("b"), project("c"), unread).status == "passed"
    half = pin("a", project("a"), unread)
    assert (half.status, half.at_least) == ("unknown", 0.5)
    assert pin("u", project("a"), unread).status == "unknown"
    assert pin("", project("a"), project("b"), project("c"), unread).status == "partial"
    assert pin("u", unread).status == "passed"


def test_the_repository_of_the_profile_itself_needs_no_pin() -> None:
    assert pin("a", project("a"), project("sample-owner")).status == "passed"
    assert pin("sample-owner", project("a"), project("sample-owner")).status == "failed"


def test_archiving_changes_nothing() -> None:
    kept = pin("a", project("a"), project("b"))
    assert pin("a", project("a"), project("b", archived=True)) == kept


def test_hostile_names_in_pins_are_only_names() -> None:
    outcome = pin("<b>/x ../../etc", project("a"))
    assert outcome.status == "failed"
    assert {place.repository for place in outcome.evidence} == {"<b>/x", "../../etc"}


STANDS = st.sampled_from(["best", "maybe", "listed"])
WORLDS = st.lists(st.tuples(STANDS, st.booleans()), max_size=8)


def ends(world: list[tuple[str, bool]]) -> tuple[float, float]:
    """The least and the largest score that the answer leaves open, from how each repository stands, and if pinned."""
    names = [f"o/{number}" for number in range(len(world))]

    def standing(part: str) -> tuple[str, ...]:
        return tuple(name for name, (stands, _) in zip(names, world, strict=True) if stands == part)

    shown = tuple(Pin(n, "project", "a project") for n, (_, pinned) in zip(names, world, strict=True) if pinned)
    pinned = (*shown, Pin("x/y", "elsewhere", "another’s"))
    pins = Pins(pinned=pinned, best=standing("best"), maybe=standing("maybe"), listed=standing("listed"))
    outcome = find_check("pinned-best")(pins)
    if outcome.status == "not_applicable":
        return 1.0, 1.0
    return (outcome.at_least, 1.0) if outcome.score is None else (outcome.score, outcome.score)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(WORLDS, st.integers(0, 7))
def test_not_knowing_of_a_repository_only_opens_the_answer(world: list[tuple[str, bool]], place: int) -> None:
    if place < len(world):
        low, high = ends(world)
        hidden = [*world[:place], ("maybe", world[place][1]), *world[place + 1 :]]
        assert ends(hidden)[0] <= low
        assert ends(hidden)[1] >= high


@settings(max_examples=300, deadline=None, derandomize=True)
@given(WORLDS, st.booleans())
def test_more_projects_lower_nothing_once_there_are_three(world: list[tuple[str, bool]], pinned: bool) -> None:
    if sum(stands == "best" for stands, _ in world) >= 3:
        assert ends([*world, ("best", pinned)]) >= ends(world)
        assert ends([*world, ("listed", pinned)]) == ends(world)
