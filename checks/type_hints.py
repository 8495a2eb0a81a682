"""Type hints: the signatures of the Python say what goes in and out."""

from portfolio_audit.api import Outcome, check, failed, not_applicable, partial, passed, unknown
from portfolio_audit.facts.type_hints import TypeHints
from portfolio_audit.facts.words import sample

FEW = 3
NEARLY_ALL, HARDLY_ANY = 0.95, 0.05
FIX = "Annotate parameters and returns, most used functions first, and let mypy or pyright run in CI."


@check(id="type-hints-used", title="Functions carry type hints")
def are_used(hints: TypeHints) -> Outcome:
    """Annotated signatures are how a reader tells an engineer's code from a notebook that was saved as a file."""
    if hints.incomplete:
        return unknown(f"could not be read: {hints.incomplete}", evidence=hints.annotated)
    if hints.functions < FEW:
        return not_applicable(f"only {hints.functions} Python function{'s' if hints.functions > 1 else ''}")
    where = "in notebooks" if hints.scope == "notebooks" else "outside tests"
    said = f"{hints.share_any:.0%} of {hints.functions} functions {where} carry a type hint{sample(hints.sampled)}"
    if hints.share_any >= NEARLY_ALL:
        return passed(said, evidence=hints.annotated)
    if hints.share_any < HARDLY_ANY:
        return failed(said, fix=FIX, evidence=hints.bare)
    score = (hints.share_any + hints.share_slots) / 2
    return partial(score, f"{said}, {hints.share_slots:.0%} of all slots", fix=FIX, evidence=hints.bare)
