"""Errors a person may see, each with what to do about it and the exit code it leads to.

PortfolioAuditError (70)
├── UsageError (2)              wrong option, path or value
│   └── ConfigError (2)         configuration file or rubric refused
├── PluginError (2)             two providers claim one check id
├── AuthenticationError (4)     token missing where one is needed, bad or expired
├── NotFound (2)                no such user, organisation or repository
├── Interrupted (5)             stopped by something that passes; running again goes on from here
│   ├── RateLimited (5)         the service asks to wait longer than --max-wait allows
│   └── NetworkFailure (5)      no route, no name, server errors that did not end
└── InternalFault (70)          a bug of ours
"""

import errno
from typing import ClassVar

FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
MAKE_ROOM = "Make room on that disk, then give the same command again"
"""What mends a full disk."""


class PortfolioAuditError(Exception):
    """Root of all errors that are shown as one line.

    `str(error)` says what happened and why; `hint` is the command or action that mends it.
    """

    exit_code: ClassVar[int] = 70

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(PortfolioAuditError):
    """The command cannot mean what was typed."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration file, variable or rubric holds something that cannot be used."""


class PluginError(PortfolioAuditError):
    """Installed check providers contradict each other."""

    exit_code = 2


class AuthenticationError(PortfolioAuditError):
    """The service refused the token, or needs one and none was given."""

    exit_code = 4


class NotFound(PortfolioAuditError):
    """The service knows no such user, organisation or repository.

    `renamed_to` is the login under which an account known from before goes on, if the service says so.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str | None = None, renamed_to: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.renamed_to = renamed_to


class Interrupted(PortfolioAuditError):
    """The run stopped for a passing reason; what was done is kept."""

    exit_code = 5


class RateLimited(Interrupted):
    """The service asks for a longer wait than `--max-wait` allows.

    `reset_at` is the ISO 8601 UTC time at which requests are allowed again, if the service said so.
    """

    def __init__(self, message: str, *, hint: str | None = None, reset_at: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reset_at = reset_at


class NetworkFailure(Interrupted):
    """The service could not be reached, or kept failing."""


class InternalFault(PortfolioAuditError):
    """Something that must not happen did."""


class Unavailable(Exception):
    """A part of a subject could not be looked at; never shown as such, it becomes an `unknown` with this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Unavailable):
    """A file was not parsed because that could cost too much: too deep, too many aliases, too broken."""


class Empty(Unavailable):
    """There is nothing to look at: a repository without a commit."""

    def __init__(self) -> None:
        super().__init__("the repository is empty")
