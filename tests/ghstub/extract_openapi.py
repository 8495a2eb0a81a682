"""Cut GitHub's published OpenAPI description down to the paths this project asks.

Every JSON answer of the stand-in is validated against the result, so it cannot drift from the published
shapes. The whole description is 13 MB; only the answers (not the requests' bodies) of the paths below and the
components they refer to are kept, without texts and examples. Run it after ``npm i @octokit/openapi`` (MIT
licence, see LICENSE-octokit.md)::

    python -m tests.ghstub.extract_openapi node_modules/@octokit/openapi/generated/api.github.com.json
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

PATHS = (
    "/orgs/{org}",
    "/orgs/{org}/repos",
    "/rate_limit",
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/branches/{branch}",
    "/repos/{owner}/{repo}/commits",
    "/repos/{owner}/{repo}/commits/{ref}",
    "/repos/{owner}/{repo}/compare/{basehead}",
    "/repos/{owner}/{repo}/git/blobs/{file_sha}",
    "/repos/{owner}/{repo}/git/commits/{commit_sha}",
    "/repos/{owner}/{repo}/git/trees/{tree_sha}",
    "/repos/{owner}/{repo}/languages",
    "/repos/{owner}/{repo}/releases",
    "/repos/{owner}/{repo}/tarball/{ref}",
    "/search/issues",
    "/user/{account_id}",
    "/users/{username}",
    "/users/{username}/repos",
    "/users/{username}/social_accounts",
)
TEXTS = frozenset({"description", "summary", "example", "examples", "externalDocs", "tags", "title"})


def strip(value: Any, names: bool = False) -> Any:
    """The value without texts and vendor marks; the keys of a ``properties`` object are names and stay."""
    if isinstance(value, list):
        return [strip(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: strip(item, names=key in ("properties", "schemas", "responses", "parameters", "headers"))
        for key, item in value.items()
        if names or not (key.startswith("x-") or key in TEXTS)
    }


def extract(whole: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI 3.0 document with the paths above and the components they reach."""
    paths: dict[str, Any] = {}
    for path in PATHS:
        operation = strip(whole["paths"][path]["get"])
        for answer in operation["responses"].values():
            answer.setdefault("description", "")
        paths[path] = {"get": {"parameters": operation.get("parameters", [])}}
        paths[path]["get"] |= {"operationId": operation["operationId"], "responses": operation["responses"]}
    components: dict[str, dict[str, Any]] = {}
    waiting = references(paths)
    while waiting:
        kind, name = waiting.pop()
        if name in components.setdefault(kind, {}):
            continue
        part = strip(whole["components"][kind][name])
        if kind == "responses":
            part.setdefault("description", "")
        components[kind][name] = part
        waiting |= references(part)
    return {
        "openapi": whole["openapi"],
        "info": {"title": "Extract of GitHub's REST description", "version": whole["info"]["version"]},
        "paths": paths,
        "components": {kind: dict(sorted(parts.items())) for kind, parts in sorted(components.items())},
    }


def references(value: Any) -> set[tuple[str, str]]:
    """Every (kind, name) of a component that the value refers to."""
    found = re.findall(r'"#/components/([a-z]+)/([^"]+)"', json.dumps(value))
    return {(kind, name) for kind, name in found if kind != "examples"}


def main() -> None:
    """Write ``openapi.json`` beside this file from the description named on the command line."""
    whole = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    target = Path(__file__).with_name("openapi.json")
    target.write_text(json.dumps(extract(whole), separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
