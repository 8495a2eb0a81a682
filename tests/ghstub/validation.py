"""Checks the stand-in's own answers against the published OpenAPI description."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

HOST = "http://api.test"
COMMON = {301: 301, 401: 403, 403: 403, 404: 404, 409: 403, 429: 403, 451: 403}
"""Statuses any path may answer, and the one of a repository's path whose body they share."""


@cache
def description() -> OpenAPI:
    """The committed extract, loaded once."""
    return OpenAPI.from_file_path(str(Path(__file__).with_name("openapi.json")))


@cache
def described(template: str) -> frozenset[str]:
    """The statuses the description names for a path."""
    extract = json.loads(Path(__file__).with_name("openapi.json").read_text(encoding="utf-8"))
    return frozenset(extract["paths"][template]["get"]["responses"])


def fault(template: str, status: int, body: Any) -> str | None:
    """What is wrong with a JSON answer of the path, or None.

    Two known false alarms are let pass: an empty ``homepage`` (sent by the real service, not a URI by the
    description) and the bodyless redirect of the archive path. An unchanged answer has nothing to check.
    """
    if status in (302, 304):
        return None
    given = status
    if str(status) not in described(template) and status in COMMON:
        template, status = "/repos/{owner}/{repo}", COMMON[status]
    path = re.sub(r"\{[^}]+\}", "1", template)
    request = MockRequest(HOST, "get", path, args={"q": "x"} if template == "/search/issues" else None)
    data = json.dumps(without_empty_homepage(body)).encode()
    response = MockResponse(data=data, status_code=status, content_type="application/json")
    try:
        description().validate_response(request, response)
    except OpenAPIError as found:
        inner = getattr(found.__cause__, "schema_errors", None) or [found.__cause__ or found]
        details = "; ".join(describe(one) for one in list(inner)[:3])
        return f"GET {template} {given}: {details}"
    return None


def describe(error: Any) -> str:
    """One schema error with its place."""
    place = "/".join(str(part) for part in getattr(error, "absolute_path", ()))
    return f"{place}: {str(getattr(error, 'message', error))[:300]}"


def without_empty_homepage(value: Any) -> Any:
    if isinstance(value, list):
        return [without_empty_homepage(item) for item in value]
    if isinstance(value, dict):
        return {
            key: None if key == "homepage" and item == "" else without_empty_homepage(item)
            for key, item in value.items()
        }
    return value
