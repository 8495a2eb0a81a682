"""The JSON contract: what is written can be read again, and the published schema says exactly what the types say."""

import json

import jsonschema
import msgspec
import pytest

from portfolio_audit.report import html, model, schema, text
from tests.golden.hostile import hostile
from tests.golden.portfolio import portfolio
from tests.golden.refresh import FOLDER
from tests.golden.states import states


def test_the_published_schema_is_the_one_of_the_types() -> None:
    assert schema.published() == schema.text(), "python -m tests.golden.refresh, then read the diff"


def test_the_schema_is_a_schema_and_names_no_host() -> None:
    published = json.loads(schema.published())
    jsonschema.Draft202012Validator.check_schema(published)
    assert published["$id"] == "urn:portfolio-audit:report:1"
    assert all("description" in part for part in published["$defs"].values())


@pytest.mark.parametrize("name", sorted(states()))
def test_every_state_is_valid_and_comes_back_whole(name: str) -> None:
    report = states()[name]
    written = model.encode(report)
    jsonschema.Draft202012Validator(schema.schema()).validate(json.loads(written))
    assert model.decode(written) == report


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema_version",), 2),
        (("score",), 101),
        (("coverage",), 1.5),
        (("subject", "kind"), "team"),
        (("fixes", 0, "effort"), "years"),
        (("repositories", 0, "results", 0, "status"), "fine"),
        (("repositories", 0, "name"), None),
    ],
)
def test_the_schema_refuses_what_no_report_says(path: tuple[str | int, ...], value: object) -> None:
    report = json.loads(model.encode(portfolio()))
    target = report
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    assert not jsonschema.Draft202012Validator(schema.schema()).is_valid(report)


def test_the_schema_admits_what_a_later_version_adds() -> None:
    report = json.loads(model.encode(portfolio()))
    report["later"] = report["repositories"][0]["later"] = 1
    jsonschema.Draft202012Validator(schema.schema()).validate(report)


def test_a_report_of_the_first_version_can_still_be_read() -> None:
    report = json.loads(model.encode(portfolio()))
    for category in report["categories"]:
        for criterion in category["criteria"]:
            del criterion["applies"]
    del report["bands"]
    read = msgspec.convert(report, model.Report)
    assert read.bands == ()
    assert read.categories[0].criteria[0].applies


def test_half_a_surrogate_pair_is_written_as_an_escape() -> None:
    report = msgspec.structs.replace(portfolio(), notes=("caf\udce9.py",))
    assert json.loads(model.encode(report))["notes"] == ["caf\\udce9.py"]


def test_hostile_text_is_still_json_that_comes_back() -> None:
    written = model.encode(hostile(portfolio()))
    assert model.encode(model.decode(written)) == written


def test_the_kept_page_and_json_are_what_the_views_make() -> None:
    told = "a view changed: python -m tests.golden.refresh, then read the diff"
    assert model.encode(portfolio()) == (FOLDER / "portfolio.json").read_bytes(), told
    assert html.render(portfolio()) == (FOLDER / "portfolio.html").read_text(encoding="utf-8"), told


def test_equal_reports_give_equal_bytes_in_every_view() -> None:
    one, two = (model.decode(model.encode(portfolio())) for _ in range(2))
    assert model.encode(one) == model.encode(two)
    assert html.render(one) == html.render(two)
    assert text.render(one) == text.render(two)
