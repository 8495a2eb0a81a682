"""`cohort.json` is what its published schema says, and its page of documentation names every field."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from portfolio_audit.report import schema
from tests.report.cohort_samples import invented

PAGE = Path(__file__).parents[2] / "docs" / "cohort-json.md"


def sample() -> dict[str, Any]:
    found = json.loads(msgspec.json.encode(invented(30)))
    assert isinstance(found, dict)
    return found


def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema.cohort_schema())


def test_the_published_schema_is_the_one_of_the_types() -> None:
    told = "python -m tests.golden.refresh, then read the diff"
    assert schema.published(schema.COHORT_FILE) == schema.text(schema.cohort_schema()), told


def test_it_is_a_schema_names_no_host_and_describes_every_part() -> None:
    published = json.loads(schema.published(schema.COHORT_FILE))
    jsonschema.Draft202012Validator.check_schema(published)
    assert published["$id"] == "urn:portfolio-audit:cohort:1"
    assert published["$defs"]["Cohort"]["properties"]["schema_version"] == {"const": 1}
    assert all(len(part["description"]) > 10 for part in published["$defs"].values())


def test_an_invented_cohort_is_valid_and_stays_so_with_fields_of_later_versions() -> None:
    made = sample()
    validator().validate(made)
    made["later"] = made["students"][0]["later"] = 1
    validator().validate(made)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema_version",), 2),
        (("students", 0, "state"), "asleep"),
        (("students", 0, "key"), None),
        (("students", 0, "coverage"), 1.5),
        (("students", 0, "score_range"), [0, 101]),
        (("students", 0, "fixes", 0, "gain"), "many"),
        (("spreads", 0, "missed"), None),
    ],
)
def test_it_refuses_what_no_cohort_says(path: tuple[str | int, ...], value: object) -> None:
    made: Any = sample()
    target = made
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    assert not validator().is_valid(made)


def test_the_page_names_every_field_and_no_other() -> None:
    parts = schema.cohort_schema()["$defs"].values()
    fields = {name for part in parts for name in part.get("properties", {})}
    named = set(re.findall(r"`([a-z_]+)(?:\[\]|\[0\])?`", PAGE.read_text("utf-8")))
    assert fields - named == set()
    assert named - fields <= {"null", "owner", "maintainer", "member"}
