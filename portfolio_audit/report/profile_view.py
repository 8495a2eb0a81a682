"""The parts of the report on the profile: its first minute, advice on repositories, activity by quarter."""

from typing import Literal

from portfolio_audit.report.part import Part, Points


class Sight(Part, frozen=True):
    """One thing that a visitor meets at the top of the profile.

    `part` is name, bio, links or readme. `status`: there, weak (there, and says little), missing, or unknown: it could
    not be read. `said` is a sentence about it, `quote` what the visitor reads there, `url` where.
    """

    part: Literal["name", "bio", "links", "readme"]
    status: Literal["there", "weak", "missing", "unknown"]
    said: str
    quote: str = ""
    url: str | None = None


class PinnedView(Part, frozen=True):
    """One pinned repository as a visitor meets it; `kind` in a word, `words` what it is.

    `readme` tells whether there is one, `purpose` whether it opens with what the project is for (null: not read);
    `opening` quotes that, and `opening_url` leads there. `demo` is the first link to a running instance, `demo_status`
    what opening it showed (null: it was not opened).
    """

    repository: str
    kind: str
    words: str
    url: str | None = None
    description: str | None = None
    language: str | None = None
    readme: bool | None = None
    purpose: bool | None = None
    opening: str = ""
    opening_url: str | None = None
    demo: str | None = None
    demo_status: str | None = None


class FirstMinute(Part, frozen=True):
    """What somebody meets who opens the profile, in this order. `pins` is null where they could not be read.

    `note` says why, or what is shown where nothing is pinned.
    """

    sights: tuple[Sight, ...]
    pins: tuple[PinnedView, ...] | None
    note: str = ""


class QuarterEntry(Part, frozen=True):
    """Public contributions from `start` to `end` (ISO 8601 UTC) by the service's count; null where it gave none.

    `label` is "Q3 2026". `running` is true for the quarter that had not ended when the data were read.
    """

    label: str
    start: str
    end: str
    commits: int | None
    pulls: int | None
    reviews: int | None
    issues: int | None
    private: int | None
    running: bool = False


class ActivityView(Part, frozen=True):
    """Contributions by quarter, oldest first; never part of a score. Without any, `note` says why."""

    quarters: tuple[QuarterEntry, ...] = ()
    note: str = ""


class Advice(Part, frozen=True):
    """What to do with a repository on the profile; at most one for each, and none where something was not known.

    `gain` is the exact rise of the score if the answer of `check` passed, where that was worked out.
    """

    repository: str
    action: Literal["feature", "improve", "unpin", "archive"]
    reason: str
    check: str | None = None
    gain: Points | None = None
