"""The documents are valid GraphQL for the official schema, ask for nobody's personal details, and stay cheap."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import GraphQLSchema, Visitor, build_schema, parse, validate, visit

from portfolio_audit.sources.queries import (
    DETAILS,
    DETAILS_WITHOUT_DEPLOYMENTS,
    MEMBERS,
    MERGED_ELSEWHERE,
    MOST_FILES,
    MOST_QUARTERS,
    ORGANIZATION,
    OVERVIEW,
    TEAM,
    closed_search,
    contributions_by_quarter,
    landed_search,
    merged_search,
    missing_files,
)
from tests.ghstub.cost import price
from tests.ghstub.graph import lacking

DOCUMENTS = {
    "overview": OVERVIEW,
    "details": DETAILS,
    "details without deployments": DETAILS_WITHOUT_DEPLOYMENTS,
    "merged": MERGED_ELSEWHERE,
    "organization": ORGANIZATION,
    "members": MEMBERS,
    "team": TEAM,
    "one quarter": contributions_by_quarter(1),
    "most quarters": contributions_by_quarter(MOST_QUARTERS),
    "one file": missing_files(1),
    "most files": missing_files(MOST_FILES),
}
PERSONAL = set(
    "company location twitterUsername pronouns isHireable followers following avatarUrl email status gists sponsors "
    "organizations stargazers stargazerCount stargazerCount watchers interactionAbility createdWithin".split()
)
IDS = [f"R_{number}" for number in range(20)]


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    text = (Path(__file__).parents[1] / "ghstub" / "schema.graphql").read_text("utf-8")
    return build_schema(text, assume_valid=True)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_official_schema_accepts_every_document(schema: GraphQLSchema, name: str) -> None:
    assert validate(schema, parse(DOCUMENTS[name])) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_token_without_scopes_may_send_every_document_about_a_person(name: str) -> None:
    """A classic one has a document refused as a whole that names a field of an organisation or a team."""
    refused = lacking(parse(DOCUMENTS[name]), scopes=())
    assert bool(refused) == (name in ("organization", "members", "team"))


def test_the_validation_would_notice_a_misspelt_field(schema: GraphQLSchema) -> None:
    assert validate(schema, parse(OVERVIEW.replace("nameWithOwner", "nameWithOwners")))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_personal_detail_is_asked_for(name: str) -> None:
    asked: set[str] = set()

    class Names(Visitor):
        def enter_field(self, node, *_):  # type: ignore[no-untyped-def]
            asked.add(node.name.value)

    visit(parse(DOCUMENTS[name]), Names())
    assert len(asked) > 3
    assert not asked & PERSONAL


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("overview", {"login": "x", "pageSize": 50, "cursor": None, "withProfile": True}),
        ("details", {"ids": IDS}),
        ("members", {"org": "x", "pageSize": 100, "cursor": None, "withCounts": True}),
        ("team", {"org": "x", "team": "y", "pageSize": 100, "cursor": None, "withCounts": True}),
        ("most quarters", {"login": "x"}),
        ("most files", {"id": "R_1"} | {f"e{number}": "HEAD:x" for number in range(MOST_FILES)}),
    ],
)
def test_a_document_costs_one_point(schema: GraphQLSchema, name: str, variables: dict[str, object]) -> None:
    cost = price(schema, parse(DOCUMENTS[name]), variables)
    assert cost.errors == []
    assert cost.points == 1


def test_paths_travel_as_variables_only() -> None:
    document = missing_files(3)
    assert "$e2: String!" in document
    assert "expression: $e2" in document
    assert '"' not in document


@pytest.mark.parametrize("count", [0, MOST_QUARTERS + 1])
def test_a_document_for_no_or_too_many_quarters_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="quarters in one document"):
        contributions_by_quarter(count)


@pytest.mark.parametrize("count", [0, MOST_FILES + 1])
def test_a_document_for_no_or_too_many_files_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="files in one document"):
        missing_files(count)


def test_searches_leave_out_own_repositories_and_fit_the_limit() -> None:
    login = "x" * 39
    for search in (merged_search(login), landed_search(login, ["merged", "landed by bot"]), closed_search(login)):
        assert f"-user:{login}" in search
        assert f"author:{login}" in search
        assert len(search) <= 256
