"""Three substantial own AI projects: what counts, what is only lacking a word, and what could not be told."""

from portfolio_audit.snapshot import Owner, Snapshot
from portfolio_audit.testing import TreeRepository, make_portfolio, make_repository, run_check

CODE = "import torch\nfrom torch import nn\n" + "".join(f"layer_{n} = nn.Linear({n}, {n})\n" for n in range(1, 320))
README = "# Hive\n\nCounts the bees in photographs of hives, so that keepers see losses early.\n"
TITANIC = CODE + "import seaborn\npassengers = seaborn.load_dataset('titanic')\nprint(passengers)\n"


def project(name: str, *, readme: str | None = README, code: str = CODE) -> TreeRepository:
    files = {"train.py": code} | ({} if readme is None else {"README.md": readme})
    return make_repository(files, name=name)


def ask(*repositories: TreeRepository) -> tuple[str, float | None]:
    outcome = run_check("projects-three", portfolio=make_portfolio(repositories))
    return outcome.status, outcome.score


def test_three_with_a_purpose_pass_and_are_shown_where_they_state_it() -> None:
    portfolio = make_portfolio([project("a"), project("b"), project("c")])
    outcome = run_check("projects-three", portfolio=portfolio)
    assert outcome.status == "passed"
    assert [(e.repository, e.path, e.line) for e in outcome.evidence] == [
        (f"sample-owner/{name}", "README.md", 3) for name in "abc"
    ]


def test_fewer_pass_in_part() -> None:
    assert ask(project("a")) == ("partial", 1 / 3)
    assert ask(project("a"), project("b")) == ("partial", 2 / 3)
    assert ask() == ("failed", 0)


def test_small_plain_classic_and_unexplained_repositories_are_none() -> None:
    assert ask(project("a", code="import torch\n")) == ("failed", 0)
    assert ask(project("a", code=CODE.replace("torch", "colours"))) == ("failed", 0)
    assert ask(project("a", code=TITANIC)) == ("failed", 0)
    assert ask(project("a", readme=None)) == ("failed", 0)


def test_the_nearest_one_is_named_in_the_fix() -> None:
    outcome = run_check("projects-three", portfolio=make_portfolio([project("a", readme="# A\n")]))
    assert outcome.fix is not None
    assert outcome.fix.startswith("Say in a README at the root of sample-owner/a what it is for.")


def test_no_more_is_asked_for_than_is_lacking() -> None:
    def fix_of(*repositories: TreeRepository) -> tuple[str | None, str | None]:
        outcome = run_check("projects-three", portfolio=make_portfolio(repositories))
        return outcome.fix, outcome.effort

    near = [project(name, readme=None) for name in "xyz"]
    said, effort = fix_of(project("a"), project("b"), *near)
    assert (said, effort) == ("Say in a README at the root of sample-owner/x what it is for.", "minutes")
    said, effort = fix_of(project("a"), *near)
    assert (said, effort) == (
        "Say in a README at the root of sample-owner/x and sample-owner/y what each is for.",
        "hours",
    )
    said, effort = fix_of(project("a"), near[0])
    assert said is not None
    assert "what it is for. Build another AI or data project of your own" in said
    assert not said.endswith("count in full.")
    assert effort == "days"
    said, effort = fix_of(project("a"))
    assert said is not None
    assert said.startswith("Build two more AI or data projects of your own")


def test_somebody_without_one_is_not_asked_for_another() -> None:
    outcome = run_check("projects-three", portfolio=make_portfolio([project("a", code="import torch\n")]))
    assert (outcome.fix or "").startswith("Build three AI or data projects of your own")
    assert outcome.searched == "own repositories; none counts as a project with enough code of its own"


def test_the_repository_of_the_profile_is_no_project_whatever_lies_in_it() -> None:
    assert ask(project("a"), project("b"), project("Sample-Owner")) == ("partial", 2 / 3)
    assert ask(project("a"), project("b"), project("sample-owner-site")) == ("passed", 1)


def test_an_organisation_may_name_a_project_after_itself() -> None:
    organisation = Snapshot(owner=Owner("Organization", "sample-owner"), mode="authenticated", scope="portfolio")
    portfolio = make_portfolio([project("a"), project("b"), project("sample-owner")], snapshot=organisation)
    assert run_check("projects-three", portfolio=portfolio).status == "passed"


def test_a_project_that_says_it_follows_a_tutorial_is_none_of_the_three() -> None:
    followed = README + "\nI followed the tutorial by Ada Sample.\n"
    assert ask(project("a"), project("b"), project("c", readme=followed)) == ("partial", 2 / 3)


def test_what_could_not_be_read_is_neither_credited_nor_held_against() -> None:
    unread = make_repository(None, name="u")
    portfolio = make_portfolio([project("a"), project("b"), unread])
    outcome = run_check("projects-three", portfolio=portfolio)
    assert (outcome.status, outcome.at_least) == ("unknown", 2 / 3)
    assert "sample-owner/u" in outcome.summary
    assert ask(project("a"), project("b"), project("c"), unread) == ("passed", 1)
    assert ask(project("a"), unread) == ("partial", 1 / 3)
