"""Who is in an organisation or a team: everybody on every page, and a refusal that says what would help."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from portfolio_audit.errors import AuthenticationError, NetworkFailure, NotFound, PortfolioAuditError, UsageError
from portfolio_audit.sources.members import Member
from tests.ghstub.faults import Fault
from tests.ghstub.stub import GitHubStub
from tests.ghstub.world import Membership, Owner, Repo, Team, World
from tests.sources.github_setting import source

MOST = 5000
MENTOR = Membership(login="Mentor-invented", role="ADMIN", public=True)
PEOPLE = tuple(Membership(login=f"student-{number:03}", public=number < 2) for number in range(230))
BEES = Team(slug="bees", members=(PEOPLE[3], Membership(login=MENTOR.login, role="MAINTAINER")), secret=True)
CLASS = Owner(login="Class-invented", kind="Organization", members=(*reversed(PEOPLE), MENTOR), teams=(BEES,))


def world(viewer: str = MENTOR.login, scopes: tuple[str, ...] = ("read:org",)) -> World:
    student = Owner(login="student-003", id=33, name="Kim\n(in\u202evented)")
    repositories = tuple(Repo(owner="student-003", name=name) for name in ("bees", "hives"))
    return World(owners=(CLASS, student), repositories=repositories, viewer=viewer, scopes=scopes)


def test_everybody_is_listed_once_over_all_pages_in_the_order_of_logins() -> None:
    with GitHubStub(world()) as stub:
        found = source(stub).members("class-invented", most=MOST)
        assert stub.count(operation="OrganizationMembers") == 3
        assert stub.points() == 3
    assert [member.login for member in found.members] == [MENTOR.login, *(each.login for each in PEOPLE)]
    assert found.counted == 231
    assert found.whole
    assert found.members[0].role == "owner"
    assert {member.role for member in found.members[1:]} == {"member"}


def test_a_team_brings_its_own_people_with_number_and_a_name_fit_for_a_line() -> None:
    with GitHubStub(world()) as stub:
        found = source(stub).members("class-invented", "bees", most=MOST, counts=True)
        assert len(stub.log) == 1
    assert found.whole
    assert [(member.login, member.role) for member in found.members] == [
        ("Mentor-invented", "maintainer"), ("student-003", "member"),
    ]  # fmt: skip
    assert found.members[1] == Member("student-003", 33, "Kim (invented)", "member", 2)


def test_a_stranger_is_shown_who_wants_to_be_seen_and_is_told_so() -> None:
    with GitHubStub(world(viewer="somebody-invented")) as stub:
        found = source(stub).members("class-invented", most=MOST)
    assert [member.login for member in found.members] == ["Mentor-invented", "student-000", "student-001"]
    assert not found.whole
    assert {member.role for member in found.members} == {None}


def test_a_members_token_that_is_shown_what_strangers_are_is_noticed() -> None:
    """Its owner is a member, and is missing from the list."""
    with GitHubStub(replace(world(viewer="student-009"), narrow=True)) as stub:
        found = source(stub).members("class-invented", most=MOST)
    assert len(found.members) == 3
    assert not found.whole
    with GitHubStub(world(viewer="student-009")) as stub:
        assert source(stub).members("class-invented", most=MOST).whole


@pytest.mark.parametrize(
    ("viewer", "scopes", "place", "error", "words", "hint"),
    [
        (MENTOR.login, ("read:org",), ("nobody-invented", None), NotFound, "knows no organisation", "audit nobody-"),
        (MENTOR.login, ("read:org",), ("student-003", None), NotFound, "knows no organisation", "audit student-003"),
        (MENTOR.login, ("read:org",), ("class-invented", "wasps"), NotFound, "no team wasps", "orgs/class-invented/"),
        ("student-004", ("read:org",), ("class-invented", "bees"), NotFound, "the token's owner is outside", "secret"),
        (MENTOR.login, (), ("class-invented", None), AuthenticationError, "lacks the scope read:org", "gh auth refr"),
        (MENTOR.login, ("repo",), ("class-invented", "bees"), AuthenticationError, "read:org", "--scopes read:org"),
        (MENTOR.login, ("read:org",), ("a b", None), UsageError, "'a b' is no organisation's name", "address"),
        (MENTOR.login, ("read:org",), ("class-invented", "a/b"), UsageError, "'a/b' is no team's slug", "address"),
    ],
)
def test_a_refusal_says_what_would_help(
    viewer: str, scopes: tuple[str, ...], place: tuple[str, str | None], error: type[PortfolioAuditError], words: str,
    hint: str,
) -> None:  # fmt: skip
    with GitHubStub(world(viewer, scopes)) as stub, pytest.raises(error) as refused:
        source(stub).members(*place, most=MOST)
    assert words in str(refused.value)
    assert hint in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("Resource protected by organization SAML enforcement.", "single sign-on", "Configure SSO"),
        ("Resource not accessible by personal access token", "not accessible by personal", "Members (read)"),
    ],
)
def test_a_token_that_the_organisation_does_not_admit(text: str, words: str, hint: str) -> None:
    fault = Fault(kind="refuse", field="Query.organization", message=text)
    with GitHubStub(world(), faults=[fault]) as stub, pytest.raises(AuthenticationError) as refused:
        source(stub).members("class-invented", most=MOST)
    assert words in str(refused.value)
    assert hint in (refused.value.hint or "")


def test_without_a_token_nobody_is_asked() -> None:
    with GitHubStub(world()) as stub:
        with pytest.raises(AuthenticationError, match="only for a token"):
            source(stub, token=None).members("class-invented", most=MOST)
        assert stub.log == []


def test_too_many_people_are_refused_after_one_page() -> None:
    with GitHubStub(world()) as stub:
        with pytest.raises(UsageError, match="has 231 members; 200 at most"):
            source(stub).members("class-invented", most=200)
        assert len(stub.log) == 1


def test_a_page_that_is_too_much_is_asked_for_in_smaller_ones() -> None:
    with GitHubStub(world(), faults=[Fault(kind="status", status=502, match="OrganizationMembers", above=30)]) as stub:
        found = source(stub).members("class-invented", most=MOST)
    assert len(found.members) == 231


def test_a_service_that_manages_no_page_is_a_failure_and_no_empty_class() -> None:
    fault = Fault(kind="status", status=502, match="OrganizationMembers")
    with GitHubStub(world(), faults=[fault]) as stub, pytest.raises(NetworkFailure, match="the members of class-inv"):
        source(stub).members("class-invented", most=MOST)


def test_whoever_could_not_be_listed_is_counted() -> None:
    fault = Fault(kind="refuse", field="OrganizationMemberEdge.node", keep=3, error="SERVICE")
    with GitHubStub(world(), faults=[fault]) as stub:
        found = source(stub).members("class-invented", most=MOST)
    assert 0 < len(found.members) < found.counted == 231


def test_first_audits_are_priced_from_the_numbers_alone() -> None:
    with GitHubStub(world()) as stub:
        priced = source(stub).estimate_from([0, 3, 120])
        assert [entry.path for entry in stub.log] == ["/rate_limit"]
    assert priced.needed == {"graphql": (1 + 1 + 3) + (0 + 1 + 6) + 2 * 3, "core": 123 + 0 + 3 + 6}
    assert priced.limits["core"] == 5000
