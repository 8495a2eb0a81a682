"""The report as SARIF 2.1.0, which code hosts show beside the lines it speaks of.

Only what is not met and has a place in a file becomes a finding; everything else is for the page and the summary. The
numbers below are GitHub's limits for uploads (documentation "SARIF support for code scanning").
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from portfolio_audit.report.model import EvidenceLink, Report, RepositoryEntry, Result
from portfolio_audit.report.plain import plain, short

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 5_000
MOST_LOCATIONS = 10
_NAME, _TEXT = 255, 1_024
_LEVELS = {"failed": "warning", "partial": "note"}


def render(report: Report) -> bytes:
    """One run per report as indented JSON; paths are relative to the repository's root.

    Of several repositories (a folder, a portfolio) each path begins with the repository's name.
    """
    results = [made for entry in report.repositories for made in _findings(report, entry)][:MOST_RESULTS]
    rules = {made["ruleId"] for made in results}
    described = {_id(result): result for entry in report.repositories for result in entry.results}
    run = {
        "tool": {
            "driver": {
                "name": _text(report.tool.name),
                "version": _text(report.tool.version),
                "rules": [_rule(described[rule]) for rule in sorted(rules)],
            }
        },
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2).encode() + b"\n"


def _rule(result: Result) -> dict[str, Any]:
    said = _text(f"{result.title}.")
    return {
        "id": _id(result),
        "name": _id(result),
        "shortDescription": {"text": said},
        "fullDescription": {"text": said},
        "defaultConfiguration": {"level": "warning"},
        "help": {"text": _text(result.fix or result.title)},
        "properties": {"tags": ["portfolio"]},
    }


def _id(result: Result) -> str:
    return short(plain(result.check), _NAME)


def _findings(report: Report, entry: RepositoryEntry) -> Iterator[dict[str, Any]]:
    prefix = f"{entry.name}/" if len(report.repositories) > 1 else ""
    for result in entry.results:
        places = [shown for shown in result.evidence if shown.path and len(_relative(prefix + shown.path)) <= _TEXT]
        if result.status not in _LEVELS or not places:
            continue
        said = f"{result.title}: {result.summary}" + (f" To do: {result.fix}" if result.fix else "")
        yield {
            "ruleId": _id(result),
            "level": _LEVELS[result.status],
            "message": {"text": _text(said)},
            "locations": [_location(prefix, places[0])],
            "relatedLocations": [_location(prefix, place, n) for n, place in enumerate(places[1:MOST_LOCATIONS], 1)],
            # Stable over moved lines: the same check in the same file is the same finding.
            "partialFingerprints": {"portfolioAudit/v1": _mark(result.check, prefix + str(places[0].path))},
        }


def _location(prefix: str, shown: EvidenceLink, number: int | None = None) -> dict[str, Any]:
    line = shown.line or 1
    made: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _relative(prefix + str(shown.path)), "uriBaseId": "SRCROOT"},
            "region": {"startLine": line, "endLine": max(line, shown.end_line or line)},
        }
    }
    if number is not None:
        made["id"] = number
        made["message"] = {"text": _text(shown.note or "seen here too")}
    return made


def _relative(path: str) -> str:
    """A path as a relative reference: nothing in it is read as a scheme, a host, a query or a way up."""
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    return "/".join(quote(part.encode("utf-8", "backslashreplace"), safe="-._~!$&'()*+,;=@") for part in parts) or "."


def _text(value: str) -> str:
    return short(plain(value), _TEXT) or "-"


def _mark(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]
