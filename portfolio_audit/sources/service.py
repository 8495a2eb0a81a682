"""The API of one GitHub server as values: REST and GraphQL through PyGithub, each request through the gate.

PyGithub brings authentication, addresses and transport; its own waits and retries are off, because only the gate
may wait. Its `requestJson` is used rather than the checking variants, which turn half-usable answers into
exceptions. One client per thread: PyGithub keeps the request under way in the connection, so two threads on one
client would receive each other's answers.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
import requests
from github import Auth, Github
from github.Requester import Requester

from portfolio_audit.errors import AuthenticationError, NetworkFailure, UsageError
from portfolio_audit.sources.gate import Bucket, Gate, Trouble
from portfolio_audit.sources.secret import Secret
from portfolio_audit.sources.verdict import Answer, message, one_line

logger = logging.getLogger(__name__)

API_VERSION = "2022-11-28"
TIMEOUT_SECONDS = 20
MOST_PAGES = 100
HEAVY_TYPES = frozenset({"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED", "SERVICE_UNAVAILABLE"})
HEAVY_TEXTS = ("may be the result of a timeout", "resource limits", "timed out")
WRITING_SCOPES = frozenset({"repo", "public_repo", "delete_repo", "workflow", "gist", "user", "write:packages"})


class Fault(NamedTuple):
    """One entry of a GraphQL answer's errors: its type, text, and the path of the field that is missing."""

    type: str
    text: str
    path: tuple[str | int, ...]


class Reply(NamedTuple):
    """A GraphQL answer: whatever data came (empty if none did), and what did not. `headers` are the answer's."""

    data: dict[str, Any]
    faults: tuple[Fault, ...]
    headers: Mapping[str, str]


class TooHeavy(Exception):
    """The service could not finish the query in its time; ask for less. `reply` is what it did finish, if anything."""

    def __init__(self, reason: str, reply: Reply | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reply = reply


class Service:
    """One GitHub server. `api_url` is its REST address; a server's own GraphQL address follows from it."""

    def __init__(self, api_url: str, token: Secret | None, gate: Gate, user_agent: str) -> None:
        self.api_url = api_url.rstrip("/")
        self.host = urlsplit(api_url).hostname or ""
        self.authenticated = token is not None
        self.gate = gate
        self._token = token
        self._user_agent = user_agent
        self._local = threading.local()
        self._clients: list[Github] = []
        self._scopes_seen = False

    def close(self) -> None:
        """Closes the connections of all threads."""
        for client in self._clients:
            client.close()

    def rest(self, path: str, *, what: str, bucket: Bucket = "core") -> Answer:
        """The final answer to a GET of that path (from "/" on, percent-encoded); 4xx answers are handed back.

        Raises AuthenticationError, RateLimited, NetworkFailure.
        """
        answer = self.gate.call(bucket, lambda: self._send("GET", path, None), what=what)
        self._admit(answer)
        return answer

    def pages(self, path: str, *, what: str) -> Iterator[Answer]:
        """The answers of a paged list, following the Link header on this server only, each page once."""
        seen: set[str] = set()
        following: str | None = path
        while following is not None and following not in seen and len(seen) < MOST_PAGES:
            seen.add(following)
            answer = self.rest(following, what=what)
            yield answer
            following = self._following(answer.headers.get("link", ""))

    def graphql(self, document: str, variables: Mapping[str, object], *, what: str) -> Reply:
        """The answer to a query, partial data and all.

        Raises TooHeavy if less must be asked for, AuthenticationError, RateLimited, NetworkFailure, and UsageError if
        there is no GraphQL at the address.
        """
        body: dict[str, object] = {"query": document, "variables": dict(variables)}
        answer = self.gate.call("graphql", lambda: self._send("POST", None, body), what=what, halvable=True)
        self._admit(answer)
        if answer.status in (502, 504):
            raise TooHeavy(f"answered {answer.status}")
        if answer.status == 403:
            raise AuthenticationError(
                f"{self.host} refuses this token: {message(answer) or 'forbidden'}",
                hint="use a token that may read public repositories",
            )
        if answer.status != 200 or not isinstance(answer.body, dict):
            raise UsageError(
                f"{self.host} does not answer as a GitHub API ({answer.status} {message(answer)})".rstrip(),
                hint="check --api-url; an own server's address ends in /api/v3",
            )
        return self._reply(answer)

    def _reply(self, answer: Answer) -> Reply:
        errors = answer.body.get("errors")
        faults = tuple(_fault(error) for error in errors if isinstance(error, dict)) if isinstance(errors, list) else ()
        data = answer.body.get("data")
        reply = Reply(data if isinstance(data, dict) else {}, faults, answer.headers)
        limit = reply.data.get("rateLimit")
        logger.debug("graphql cost %s", limit.get("cost") if isinstance(limit, dict) else "not stated")
        for fault in faults:
            if fault.type in HEAVY_TYPES or any(text in fault.text.lower() for text in HEAVY_TEXTS):
                raise TooHeavy(fault.text or fault.type, reply if reply.data else None)
        if not reply.data and not faults:
            raise NetworkFailure(f"{self.host} gave an empty answer", hint="run the same command again")
        return reply

    def _admit(self, answer: Answer) -> None:
        if answer.status == 401:
            raise refused(self.host, self.authenticated, answer)
        scopes = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")}
        if (writing := scopes & WRITING_SCOPES) and not self._scopes_seen:
            self._scopes_seen = True
            self.gate.tell(f"this token may also write ({', '.join(sorted(writing))}); one without scopes is enough")

    def _following(self, link: str) -> str | None:
        """The path and query of the next page, if it is on this server."""
        for part in requests.utils.parse_header_links(link) if link else ():
            if part.get("rel") == "next":
                url, base = urlsplit(part["url"]), urlsplit(self.api_url)
                prefix = base.path.rstrip("/")
                if url[:2] == base[:2] and url.path.startswith(f"{prefix}/"):
                    return url.path.removeprefix(prefix) + (f"?{url.query}" if url.query else "")
        return None

    def _send(self, verb: str, path: str | None, body: dict[str, object] | None) -> Answer:
        requester = self._requester()
        try:
            status, headers, text = requester.requestJson(verb, path or requester.graphql_url, input=body)
        except requests.exceptions.ReadTimeout as error:
            if verb == "POST":  # as slow as a query that the service itself gives up: less must be asked for
                return Answer(504, {})
            raise Trouble(f"{self.host} {_cause(error)}") from None
        except requests.exceptions.RequestException as error:
            raise Trouble(f"{self.host} {_cause(error)}") from None
        except RuntimeError as error:
            if "server redirected" not in str(error):  # PyGithub's way to refuse another host or scheme
                raise
            raise Trouble(f"{self.host} sends requests on to another address") from None
        plain = {str(name).lower(): str(value) for name, value in headers.items()}
        if status == 200 and not text:
            raise Trouble(f"{self.host} sent nothing")
        try:
            return Answer(status, plain, msgspec.json.decode(text) if text else None)
        except (msgspec.DecodeError, RecursionError):
            if status < 400:
                raise Trouble(f"{self.host} sent something else than data") from None
            return Answer(status, plain)

    def _requester(self) -> Requester:
        if not hasattr(self._local, "requester"):
            client = Github(
                auth=Auth.Token(self._token.reveal()) if self._token else None,
                base_url=self.api_url,
                timeout=TIMEOUT_SECONDS,
                user_agent=self._user_agent,
                per_page=100,
                retry=None,
                pool_size=1,
                seconds_between_requests=0,
                seconds_between_writes=0,
                lazy=True,
                api_version=API_VERSION,
            )
            self._local.requester = client.requester
            self._clients.append(client)
        requester: Requester = self._local.requester
        return requester


def refused(host: str, authenticated: bool, answer: Answer) -> AuthenticationError:
    """The error for a 401: a bad token, or none where one is needed."""
    if authenticated:
        return AuthenticationError(
            f"{host} refuses the token: {message(answer) or 'bad credentials'}",
            hint="make a new token without any scope and pass it with --token-file or GH_TOKEN",
        )
    return AuthenticationError(f"{host} needs a token", hint="pass one with --token-file or in the environment")


def _fault(error: dict[str, Any]) -> Fault:
    path = error.get("path")
    steps = tuple(step for step in path if isinstance(step, str | int)) if isinstance(path, list) else ()
    return Fault(str(error.get("type") or ""), one_line(str(error.get("message") or "")), steps)


def _cause(error: requests.exceptions.RequestException) -> str:
    """What went wrong in words; the library's text may hold addresses and is not shown."""
    if isinstance(error, requests.exceptions.SSLError):
        return "shows no certificate that this machine trusts"
    if isinstance(error, requests.exceptions.Timeout):
        return f"did not answer within {TIMEOUT_SECONDS} s"
    if "NameResolutionError" in repr(error) or "getaddrinfo" in repr(error):
        return "has no address here (no network?)"
    return "could not be reached"
