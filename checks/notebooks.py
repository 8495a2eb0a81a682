"""Notebooks: they run from the top, say what they do, are kept tidy, and the code that lasts is not in them."""

from portfolio_audit.api import Outcome, check, failed, not_applicable, partial, passed, unknown
from portfolio_audit.facts.code_size import OwnCode
from portfolio_audit.facts.notebook_quality import NotebookQuality
from portfolio_audit.facts.notebook_rules import Group, rule
from portfolio_audit.facts.words import counted, joined

GOOD = 0.9
UNREAD = 0.1
"""Share of notebooks that may be missing without changing what is said of the rest."""

SMALL = 30
"""Code lines below which notebooks hold nothing that a module could take over."""

OUTSIDE = 0.5
"""Share of the code in notebooks up to which they stand beside it, whether they import it or not."""

LEANING = 0.85
"""Up to here own code is more than an appendix; whoever imports it keeps exploration beside code."""

FUNCTIONS = 0.3


@check(id="notebooks-in-order", title="Notebooks run from top to bottom")
def run_in_order(quality: NotebookQuality) -> Outcome:
    """Cells that ran in another order leave results that nobody can repeat, their author included."""
    good = "ran in order, as far as the counts of the cells tell"
    return _judge(quality, "order", "no notebook keeps the counts of a single run", good)


@check(id="notebooks-narrated", title="Notebooks say what they do and what came out")
def say_what_they_do(quality: NotebookQuality) -> Outcome:
    """A notebook is read more often than it is run; the text between its cells is what makes it an analysis."""
    few = "no notebook has enough code cells to ask for text between them"
    return _judge(quality, "narrative", few, "with headings and text between the code")


@check(id="notebooks-tidy", title="Notebooks are tidy")
def are_tidy(quality: NotebookQuality) -> Outcome:
    """Errors left in the outputs, copies and default names tell a reader that nobody looked at it again."""
    return _judge(quality, "tidy", "no notebook could be judged", "without errors left, copies and default names")


def _judge(quality: NotebookQuality, group: Group, nobody: str, good: str) -> Outcome:
    """The mean over the notebooks: each counts fully, half or not at all, as the rules of the group say."""
    if quality.aside:
        return not_applicable(quality.aside)
    tally = quality.tallies[group]
    broken = [each for each in quality.broken if rule(each.rule).group == group]
    scored = [each for each in broken if rule(each.rule).counts != "note"]
    places = [place for each in scored for place in each.places][:6]
    if quality.unread > UNREAD * (quality.judged + quality.unread):
        return unknown(f"could not be read: {quality.incomplete}", evidence=places)
    if not tally.asked:
        return not_applicable(nobody)
    asked = counted(tally.asked, "notebook")
    if tally.score >= GOOD:
        return passed(f"{_sound(quality, group)} {good}", evidence=places or tally.densest, searched=asked)
    among = [f" (in {each.notebooks} of {asked})" if tally.asked > 1 else "" for each in scored[:3]]
    said = "; ".join(rule(each.rule).says + where for each, where in zip(scored[:3], among, strict=True))
    fix = ". ".join(dict.fromkeys(rule(each.rule).fix for each in (*scored, *broken)[:3])) + "."
    if tally.score:
        return partial(round(tally.score, 3), said, fix=fix, evidence=places, searched=asked)
    return failed(said, fix=fix, evidence=places, searched=asked)


def _sound(quality: NotebookQuality, group: Group) -> str:
    """Which notebooks a good answer is said of."""
    tally = quality.tallies[group]
    asked = counted(tally.asked, "notebook")
    sound = "the notebook" if tally.asked == 1 else f"{tally.asked - tally.whole - tally.half} of {asked}"
    if quality.blank:
        return f"{sound} with code ({quality.blank} more {'has' if quality.blank == 1 else 'have'} none)"
    others = quality.judged - tally.asked if group == "order" else 0
    return f"{sound} that could be asked ({others} more could not)" if others else sound


@check(id="notebooks-beside-code", title="Notebooks stand beside code, not instead of it")
def stand_beside_code(quality: NotebookQuality, size: OwnCode) -> Outcome:
    """Code in modules can be imported, tested and deployed; a team cannot do that with a notebook."""
    if quality.aside:
        return not_applicable(quality.aside)
    if size.incomplete:
        return unknown(f"could not be read: {size.incomplete}", evidence=quality.densest)
    if size.share is None or quality.lines < SMALL:
        return not_applicable("the notebooks hold little code")
    share = f"{size.share:.0%} of the code lines are in notebooks"
    uses = (
        f"{share}, of which at least one imports own modules ({joined(quality.imported)})"
        if quality.imported
        else share
    )
    if round(size.share, 2) <= (LEANING if quality.imported else OUTSIDE):
        return passed(uses, evidence=quality.densest)
    if quality.imported or size.share <= LEANING:
        return partial(0.5, uses, fix=_move(quality), evidence=quality.densest)
    if quality.python_lines < quality.lines / 2:
        return unknown(f"{share}; functions are counted in Python alone", evidence=quality.densest)
    inside = quality.function_lines / quality.python_lines
    said = f"{share}, {inside:.0%} of those in functions and classes"
    if inside >= FUNCTIONS:
        return partial(0.5, said, fix=_move(quality), evidence=quality.densest)
    return failed(said, fix=_move(quality), effort="days", evidence=quality.densest)


def _move(quality: NotebookQuality) -> str:
    """What to move out of the notebooks, and of which first."""
    if quality.repeated:
        first = f"Begin with {quality.repeated_in}: "
        return f"{first}move {joined(quality.repeated)}, defined in several notebooks, into a module that they import."
    first = f"Begin with {quality.densest.path}: " if quality.densest else ""
    if quality.functions:
        return f"{first}move {joined(quality.functions)} into a module, import it, and test it there."
    return f"{first}make functions of its steps, such as loading and cleaning, move them into a module and import it."
