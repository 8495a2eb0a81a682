"""Which names of an archive are plain relative paths; all others are refused, never repaired.

Nothing is written to disk, so a bad name could do no harm there; but names reach links, reports and other tools.
"""

import re

from portfolio_audit.archive.budget import Budget

_DRIVE = re.compile(rb"[A-Za-z]:")


def refusal(name: bytes, budget: Budget) -> str | None:
    """Why this name is no plain relative POSIX path, or None if it is one."""
    if not name:
        return "it has no name"
    if len(name) > budget.path:
        return f"its name is longer than {budget.path} bytes"
    if name.startswith(b"/") or _DRIVE.match(name):
        return "its name is an absolute path"
    if b"\\" in name or b"\0" in name:
        return "its name holds a backslash or a NUL"
    if name.count(b"/") >= budget.depth:
        return f"it lies more than {budget.depth} folders deep"
    parts = b"/" + name.lower() + b"/"
    if b"//" in parts or b"/./" in parts or b"/../" in parts:
        return "its name steps out of or around its folder"
    if b"/.git/" in parts:
        return "its name lies in git's own folder"
    return None


def readable(name: bytes) -> str:
    """The name as text for people and facts: bad bytes replaced, so that it can always be written as UTF-8."""
    return name.decode("utf-8", errors="replace")
