"""The invented portfolio's profile: what a visitor meets, what to do with which repository, quarters. Nobody exists."""

from typing import Any

from portfolio_audit.report.profile_view import (
    ActivityView,
    Advice,
    FirstMinute,
    PinnedView,
    QuarterEntry,
    Sight,
)

HOME = "https://github.com/ada-invented"
COUNTS = ((0, 0, 0, 0), (3, 0, 0, 0), (41, 2, 1, 5), (120, 9, 14, 6), (77, 4, 3, 2), (0, 0, 0, 0), (19, 1, 0, 0))


def pinned(name: str, kind: str, words: str, **more: Any) -> PinnedView:
    return PinnedView(f"ada-invented/{name}", kind, words, f"{HOME}/{name}", **more)


def first_minute() -> FirstMinute:
    """Every state of a sight, and pins of several kinds."""
    readme = "https://github.com/ada-invented/ada-invented/blob/1/README.md?plain=1#L3"
    return FirstMinute(
        sights=(
            Sight("name", "there", "Name", "Ada Invented (invented)", HOME),
            Sight("bio", "missing", "No bio: one line there would say what is built", "", HOME),
            Sight("links", "unknown", "Links could not be read: the service refused them"),
            Sight("readme", "weak", "The profile README says little in words (7 words)", "Hello, I keep bees", readme),
        ),
        pins=(
            pinned(
                "swarm",
                "substantial",
                "a substantial AI or data project",
                description="Says when a bee colony is about to swarm, from sounds in the hive",
                language="Python",
                readme=True,
                purpose=True,
                opening="Says when a bee colony is about to swarm.",
                opening_url=f"{HOME}/swarm/blob/1/README.md?plain=1#L3",
                demo="https://swarm-invented.example.org/",
                demo_status="live",
            ),
            pinned("hive-fork", "fork", "a fork", language="Jupyter Notebook", readme=True, purpose=False),
            pinned("notes", "course", "course notes", readme=False, purpose=False),
            pinned("locked", "small", "a small repository (12 own code lines)"),
            PinnedView("bees-invented/library", "elsewhere", "a repository of somebody else"),
        ),
    )


def advice() -> tuple[Advice, ...]:
    """One of each kind, and one reason that several share."""
    return (
        Advice(
            "ada-invented/pollen", "feature", "a substantial AI or data project, and it is not pinned", "pinned-best"
        ),
        Advice("ada-invented/swarm", "improve", "Annotate the public functions first.", "type-hints-used", 2.34),
        Advice("ada-invented/hive-fork", "unpin", "a fork is pinned", "pinned-best"),
        Advice("ada-invented/tiny", "archive", "few lines and no README"),
        *(Advice(f"ada-invented/small-{n}", "archive", "few lines and no README") for n in range(5)),
    )


def activity() -> ActivityView:
    """Seven quarters, one without counts, the last one still running."""
    labels = ("Q1 2025", "Q2 2025", "Q3 2025", "Q4 2025", "Q1 2026", "Q2 2026", "Q3 2026")
    entries = [
        QuarterEntry(label, "2026-07-01T00:00:00Z", "2026-09-30T23:59:59Z", *counts, 0, running=label == "Q3 2026")
        for label, counts in zip(labels, COUNTS, strict=True)
    ]
    entries[5] = QuarterEntry("Q2 2026", "2026-04-01T00:00:00Z", "2026-06-30T23:59:59Z", None, None, None, None, None)
    return ActivityView(tuple(entries))
