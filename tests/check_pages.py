"""Makes the generated head of each page in docs/checks: `python -m tests.check_pages`, then write what is below it.

What a page says of a check's weight and place is taken from the check and the rubric, so it cannot grow old.
"""

from pathlib import Path

from portfolio_audit.api import Check
from portfolio_audit.discovery import discover
from portfolio_audit.rubric import Criterion, Rubric, load

FOLDER = Path(__file__).parent.parent / "docs" / "checks"
BEGIN = "<!-- made by `python -m tests.check_pages` from the check and the rubric -->\n"
END = "<!-- end of the made part -->\n"
SECTIONS = ("## How it decides", "## Where it may be wrong", "## How to mend it")
ACROSS = {
    "best": "the best of all own repositories",
    "any": "whether any own repository has it",
    "mean": "the mean over the three repositories that show the person best",
    "listed": "the mean over all listed repositories",
    "portfolio": "the portfolio as a whole",
}


def built_in() -> dict[str, Check]:
    """The checks that come with the program, by id."""
    return {each.check.id: each.check for each in discover().checks if each.provider == "portfolio-audit"}


def rubric() -> Rubric:
    """The rubric that comes with the program."""
    return load(None, built_in())


def head(check: Check, rubric: Rubric) -> str:
    """The made part of a check's page, marks included."""
    lines = [BEGIN, f"# {check.id}\n", f"**{check.title}.** {' '.join(check.why.split())}\n", *_table(check, rubric)]
    return "\n".join(lines) + END


def index(rubric: Rubric) -> str:
    """The list of all pages, by id."""
    rows = []
    for name, check in sorted(built_in().items()):
        titles = [c.title for category in rubric.category for c in category.criterion if name in c.checks]
        rows.append(f"| [{name}]({name}.md) | {check.title} | {', '.join(titles) or 'none'} |")
    return "\n".join([BEGIN, "# The checks\n", "| check | states | criterion |", "|---|---|---|", *rows, ""])


def _table(check: Check, rubric: Rubric) -> list[str]:
    found = [each for category in rubric.category for each in category.criterion if check.id in each.checks]
    facts = ", ".join(f"`{need.fact.__name__}`" for need in check.needs)
    rows = [row for criterion in found for row in _rows(check, criterion, rubric)]
    rows = rows or [("criterion", "none: shown as also noticed, without effect on the score")]
    return ["| | |", "|---|---|", *(f"| {name} | {text} |" for name, text in rows), f"| reads | {facts} |", "", ""]


def _rows(check: Check, criterion: Criterion, rubric: Rubric) -> list[tuple[str, str]]:
    whole = sum(each.weight for category in rubric.category for each in category.criterion)
    share = criterion.checks[check.id] / sum(criterion.checks.values())
    scope = "judged too" if criterion.in_repository and check.id not in criterion.remote else "not asked"
    only = ", AI or data projects only" if criterion.only == "ai" else ""
    return [
        ("criterion", f"{criterion.title}: {criterion.weight:g} of {whole:g} points, this check {share:.0%} of them"),
        ("guide", criterion.guide),
        ("judged on", ACROSS[criterion.across] + only),
        ("`check PATH`", scope),
    ]


def main() -> None:
    """Write the head of every page anew, and start the pages that are missing."""
    FOLDER.mkdir(exist_ok=True)
    known = rubric()
    (FOLDER / "README.md").write_text(index(known), encoding="utf-8", newline="\n")
    for name, check in built_in().items():
        page = FOLDER / f"{name}.md"
        text = page.read_text("utf-8") if page.exists() else ""
        rest = text.partition(END)[2] or "\n" + "\n\n".join(SECTIONS) + "\n"
        page.write_text(head(check, known) + rest, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
