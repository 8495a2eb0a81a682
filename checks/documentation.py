"""Documentation in the code: what others call says what it is for."""

from portfolio_audit.api import Outcome, check, failed, not_applicable, partial, passed, unknown
from portfolio_audit.facts.docstrings import Docstrings
from portfolio_audit.facts.words import counted, sample

FEW = 8
MOST, HARDLY_ANY = 0.8, 0.05
FIX = (
    "Give the functions and classes that others call a docstring of one sentence each: what goes in, what comes out, "
    "and why. A comment above them reaches no reader of `help()`."
)


@check(id="docstrings-written", title="What others call carries a docstring")
def are_written(docstrings: Docstrings) -> Outcome:
    """One sentence above a function saves the next reader ten minutes; that reader may be the one who hires."""
    if docstrings.incomplete:
        return unknown(f"could not be read: {docstrings.incomplete}", evidence=docstrings.written)
    if docstrings.definitions < FEW:
        number = counted(docstrings.definitions, "public function or class", "public functions and classes")
        return not_applicable(f"only {number} of more than five lines")
    said = (
        f"{docstrings.documented} of {docstrings.definitions} public functions and classes of more than five lines"
        f" carry a docstring{sample(docstrings.sampled)}"
    )
    if docstrings.inherited:
        said += f"; {counted(docstrings.inherited, 'method')} of derived classes not counted"
    if docstrings.share >= MOST:
        return passed(said, evidence=docstrings.written)
    if docstrings.share < HARDLY_ANY:
        return failed(said, fix=FIX, effort="hours", evidence=docstrings.missing)
    return partial(docstrings.share / MOST, said, fix=FIX, effort="hours", evidence=docstrings.missing)
