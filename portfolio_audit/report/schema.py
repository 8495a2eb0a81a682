"""The JSON Schemas of the report and of a cohort, made from the types so that the two cannot disagree."""

import json
from importlib import resources
from typing import Any

import msgspec

from portfolio_audit.report import cohort, model

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID = f"urn:portfolio-audit:report:{model.SCHEMA_VERSION}"
COHORT_ID = f"urn:portfolio-audit:cohort:{cohort.SCHEMA_VERSION}"
FILE, COHORT_FILE = "schema.json", "cohort.schema.json"


def schema() -> dict[str, Any]:
    """The schema of the report as plain values.

    It admits fields that it does not name: a later version of the program may add some, and a reader of this one must
    pass over them.
    """
    return _made(model.Report, ID, f"portfolio-audit report, schema version {model.SCHEMA_VERSION}")


def cohort_schema() -> dict[str, Any]:
    """The schema of `cohort.json` as plain values; it admits more fields too."""
    return _made(cohort.Cohort, COHORT_ID, f"portfolio-audit cohort, schema version {cohort.SCHEMA_VERSION}")


def text(made: dict[str, Any] | None = None) -> str:
    """A schema, by default the report's, as the file that is published, byte for byte."""
    return json.dumps(made if made is not None else schema(), indent=2, ensure_ascii=False) + "\n"


def published(file: str = FILE) -> str:
    """A schema as it lies in the installed package."""
    return resources.files("portfolio_audit.report").joinpath(file).read_text(encoding="utf-8")


def _made(kind: type[msgspec.Struct], identity: str, title: str) -> dict[str, Any]:
    made = msgspec.json.schema(kind)
    definitions = {name: _open(part) for name, part in sorted(made["$defs"].items())}
    version = definitions[kind.__name__]["properties"]["schema_version"]
    version.clear()
    version["const"] = int(identity.rpartition(":")[2])
    return {"$schema": DIALECT, "$id": identity, "title": title, "$ref": made["$ref"], "$defs": definitions}


def _open(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != "additionalProperties"}
