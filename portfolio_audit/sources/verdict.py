"""What one answer of the service means: the table of statuses, limits and refusals, without any waiting.

The rules are those the service documents for its REST and GraphQL rate limits; kept apart from the gate so that
each row can be read and tested by itself.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, NamedTuple

Kind = Literal["final", "primary", "secondary", "trouble"]

SECONDARY_TEXTS = ("secondary rate limit", "abuse detection", "please wait a few minutes before you try again")
PERMISSION_TEXTS = ("resource not accessible", "repository access blocked", "must have admin", "saml")
LONGEST_TEXT = 160


class Answer(NamedTuple):
    """One HTTP answer: `headers` in lower case, `body` decoded from JSON, or bytes for an archive."""

    status: int
    headers: Mapping[str, str]
    body: Any = None


class Verdict(NamedTuple):
    """What to do with an answer.

    final: hand it to whoever asked, good or bad. primary: the quota is used up until `reset` (epoch seconds by the
    service's clock). secondary: too fast; wait `retry_after` seconds if it was stated. trouble: try again later.
    """

    kind: Kind
    retry_after: float | None = None
    reset: float | None = None


def judge(answer: Answer) -> Verdict:
    """The verdict on an answer, by status, rate limit headers and the text of the message."""
    status = answer.status
    if status >= 500 or status == 408:
        return Verdict("trouble")
    limited = status in (403, 429) or (status < 300 and _graphql_limited(answer.body))
    if not limited:
        return Verdict("final")
    text = message(answer).lower()
    if status == 403 and (_block(answer) or any(known in text for known in PERMISSION_TEXTS)):
        return Verdict("final")
    wait = retry_after(answer)
    reset = _number(answer.headers.get("x-ratelimit-reset"))
    if _number(answer.headers.get("x-ratelimit-remaining")) == 0 and reset is not None:
        return Verdict("primary", wait, reset)
    slow = "retry-after" in answer.headers or "rate limit" in text or any(known in text for known in SECONDARY_TEXTS)
    if status != 403 or slow:
        return Verdict("secondary", wait)
    return Verdict("final")


def message(answer: Answer) -> str:
    """What the service says about an answer, as one printable line of at most 160 characters."""
    body = answer.body
    texts: list[object] = []
    if isinstance(body, dict):
        texts.append(body.get("message"))
        texts += [error.get("message") for error in _errors(body)]
    return one_line(next((text for text in texts if isinstance(text, str) and text), ""))


def one_line(text: str) -> str:
    """Foreign text made fit for a message: one line, printable, short."""
    flat = " ".join(text.split())
    kept = "".join(character for character in flat if character.isprintable())
    return kept if len(kept) <= LONGEST_TEXT else kept[: LONGEST_TEXT - 1] + "…"


def blocked(answer: Answer) -> str | None:
    """Why the service blocks a repository ("blocked (dmca)"), or None if it does not say that it does."""
    reason = _block(answer)
    if reason is None and answer.status != 451:
        return None
    return f"blocked ({one_line(reason or 'legal reasons')})"


def server_time(answer: Answer) -> float | None:
    """The service's clock in epoch seconds, from the Date header."""
    return _date(answer.headers.get("date"))


def retry_after(answer: Answer) -> float | None:
    """Seconds of the Retry-After header, which may also hold a date; at least 1, or None."""
    text = answer.headers.get("retry-after")
    seconds = _number(text)
    if seconds is None and (until := _date(text)) is not None:
        seconds = until - (server_time(answer) or until)
    return None if seconds is None else max(seconds, 1.0)


def iso(epoch: float) -> str:
    """Epoch seconds as ISO 8601 UTC."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _graphql_limited(body: object) -> bool:
    for error in _errors(body):
        text = str(error.get("message", "")).lower()
        if error.get("type") == "RATE_LIMITED" or any(known in text for known in SECONDARY_TEXTS):
            return True
    return False


def _errors(body: object) -> list[dict[str, Any]]:
    """The entries of a body's error list; REST and GraphQL both call it "errors"."""
    errors = body.get("errors") if isinstance(body, dict) else None
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _block(answer: Answer) -> str | None:
    body = answer.body
    block = body.get("block") if isinstance(body, dict) else None
    if isinstance(block, dict):
        return str(block.get("reason") or "unstated")
    return None


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return value if value is not None and 0 <= value < 1e11 else None


def _date(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, TypeError, OverflowError):
        return None
