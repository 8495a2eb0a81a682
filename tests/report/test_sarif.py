"""The SARIF view: valid by the standard's own schema, within GitHub's limits, and its paths stay inside the root."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import msgspec
import pytest

from portfolio_audit.report import sarif
from portfolio_audit.report.model import EvidenceLink, Report
from tests.golden.hostile import hostile, rewritten
from tests.golden.portfolio import portfolio
from tests.golden.states import states


@cache
def validator() -> Any:
    """The standard's schema (OASIS, SARIF 2.1.0), without its descriptions."""
    schema = json.loads(Path(__file__).with_name("sarif-2.1.0.json").read_text("utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


def run(report: Report) -> dict[str, Any]:
    made = json.loads(sarif.render(report))
    validator().validate(made)
    assert made["version"] == "2.1.0"
    (only,) = made["runs"]
    return only  # type: ignore[no-any-return]


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", sorted(states()))
@pytest.mark.parametrize("attack", [False, True])
def test_every_report_is_valid_and_within_the_limits(name: str, attack: bool) -> None:
    report = states()[name]
    made = run(hostile(report) if attack else report)
    assert len(made["results"]) <= 5_000
    assert all(len(result["relatedLocations"]) < 100 for result in made["results"])
    assert all(0 < len(text) <= 1_024 for text in texts(made))
    assert {result["ruleId"] for result in made["results"]} == {rule["id"] for rule in made["tool"]["driver"]["rules"]}


def test_only_what_is_not_met_and_has_a_place_is_a_finding() -> None:
    report = portfolio()
    wanted = [
        (result.check, result.evidence[0].line or 1)
        for entry in report.repositories
        for result in entry.results
        if result.status in ("failed", "partial") and any(shown.path for shown in result.evidence)
    ]
    found = [
        (made["ruleId"], made["locations"][0]["physicalLocation"]["region"]["startLine"])
        for made in run(report)["results"]
    ]
    assert found == wanted
    assert wanted


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "c:\\x",
        "//host/x",
        "a b#c?d%2e%2e/e",
        "javascript:x",
        "\ud800",
        "é",
        ".",
    ],
)
def test_a_path_stays_inside_the_root(path: str) -> None:
    made = run(rewritten(portfolio(), lambda text: path, lambda address: address))
    uris = [made["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for made in made["results"]]
    assert uris
    for uri in uris:
        parts = urlsplit(uri)
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
        assert not uri.startswith("/")
        assert ".." not in unquote(uri, errors="replace").split("/")


def test_a_finding_keeps_its_fingerprint_when_its_line_moves() -> None:
    def moved(report: Report) -> Report:
        entries = [
            msgspec.structs.replace(
                entry,
                results=tuple(
                    msgspec.structs.replace(result, evidence=tuple(_below(shown) for shown in result.evidence))
                    for result in entry.results
                ),
            )
            for entry in report.repositories
        ]
        return msgspec.structs.replace(report, repositories=tuple(entries))

    before, after = run(portfolio())["results"], run(moved(portfolio()))["results"]
    assert [each["partialFingerprints"] for each in before] == [each["partialFingerprints"] for each in after]
    assert before != after


def _below(shown: EvidenceLink) -> EvidenceLink:
    return msgspec.structs.replace(shown, line=(shown.line or 1) + 40, end_line=None)
