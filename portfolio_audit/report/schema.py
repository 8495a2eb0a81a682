"""The JSON Schema of the report, made from the types so that the two cannot disagree."""

import json
from importlib import resources
from typing import Any

import msgspec

from portfolio_audit.report.model import SCHEMA_VERSION, Report

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID = f"urn:portfolio-audit:report:{SCHEMA_VERSION}"


def schema() -> dict[str, Any]:
    """The schema as plain values.

    It admits fields that it does not name: a later version of the program may add some, and a reader of this one must
    pass over them.
    """
    made = msgspec.json.schema(Report)
    definitions = {name: _open(part) for name, part in sorted(made["$defs"].items())}
    definitions["Report"]["properties"]["schema_version"] = {"const": SCHEMA_VERSION}
    return {
        "$schema": DIALECT,
        "$id": ID,
        "title": f"portfolio-audit report, schema version {SCHEMA_VERSION}",
        "$ref": made["$ref"],
        "$defs": definitions,
    }


def text() -> str:
    """The schema as the file that is published, byte for byte."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def published() -> str:
    """The schema as it lies in the installed package."""
    return resources.files("portfolio_audit.report").joinpath("schema.json").read_text(encoding="utf-8")


def _open(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != "additionalProperties"}
