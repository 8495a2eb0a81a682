"""Clean code: no mistakes that a tool would have shown, no function beyond reading, nothing left lying about."""

from portfolio_audit.api import Evidence, Outcome, check, failed, not_applicable, partial, passed, unknown
from portfolio_audit.facts.complexity import Complexity
from portfolio_audit.facts.lint import ABSENT, KINDS, Lint
from portfolio_audit.facts.lint_findings import Flaws
from portfolio_audit.facts.scaffolding import Scaffolding
from portfolio_audit.facts.words import counted, joined, sample

LINES = 50
"""Lines of Python below which a share of mistakes means nothing."""
SMALL = 500
"""Smaller projects are judged as if they had so many lines: two slips in a script are two slips."""
FEW_MISTAKES, MANY_MISTAKES = 3.0, 30.0
BROKEN = 0.5
"""The most for code of which a part cannot start."""
FEW_LEFTOVERS, MANY_LEFTOVERS = 0.5, 6.0
FUNCTIONS = 5
FEW_OUTLIERS, MANY_OUTLIERS = 0.02, 0.2
LINT = "Run `ruff check --fix .`, read what it cannot mend, and let CI run it, so that it stays so."
KEEP = "First put `# noqa: F401` on imports that only a pickle needs, if there are any in {files}."
READ = "Go through what `ruff check .` lists, and let CI run it, so that it stays so."
MISSING = "Mend the imports of what the modules do not have, and start the program once from a fresh clone."
STARS = "Replace each `import *` by the names that are used; no option of the linter does that."
MENDED = frozenset(KINDS[rule] for rule in ("F401", "F632"))
"""Kinds that `ruff check --fix` takes away."""
SPLIT = "Split the longest function along its steps, name each step, and give it a test."
NONE_LEFT = (
    "no block of 5 lines or more that the linter takes for commented-out code, no undecorated empty function at the "
    "top of a module, no sample file"
)
CLEAR = "Delete what is commented out or a sample: git remembers it. Finish or drop what is empty."


@check(id="code-lint-clean", title="A linter finds next to nothing in the code")
def is_lint_clean(lint: Lint) -> Outcome:
    """Unused imports and swallowed errors are seen within a minute, and say that nobody read the code before a push."""
    if lint.incomplete:
        return unknown(f"could not be read: {lint.incomplete}")
    if lint.lines < LINES:
        return not_applicable(f"only {counted(lint.lines, 'line')} of Python outside tests and examples")
    said = _said(lint.mistakes, "no mistake of the kinds looked for", lint, more=lint.more)
    if not lint.count:
        return passed(said, searched=counted(lint.files, "Python file"))
    rate = 1000 * lint.weight / max(lint.lines, SMALL)
    broken = any(each.kind == ABSENT for each in lint.mistakes)
    if not broken and (rate <= FEW_MISTAKES or lint.weight == 1):
        return passed(said, evidence=_places(lint.mistakes))
    score, fix = min(_falling(rate, FEW_MISTAKES, MANY_MISTAKES), BROKEN if broken else 1.0), _linting(lint)
    if score <= 0:
        return failed(said, fix=fix, effort="hours", evidence=_places(lint.mistakes))
    return partial(score, said, fix=fix, effort="minutes", evidence=_places(lint.mistakes))


def _linting(lint: Lint) -> str:
    """What mends these kinds of mistakes; a star has to be replaced by hand, and what a pickle names has to stay."""
    kinds = {each.kind for each in lint.mistakes}
    others = kinds - {KINDS["F403"], ABSENT}
    first = KEEP.format(files=joined(lint.pickled)) if lint.pickled and others & MENDED else ""
    steps = (
        MISSING if ABSENT in kinds else "",
        first,
        LINT if others & MENDED else READ if others else "",
        STARS if KINDS["F403"] in kinds else "",
    )
    return " ".join(filter(None, steps))


@check(id="code-simple", title="Functions are short enough to read")
def is_simple(complexity: Complexity) -> Outcome:
    """A function that does not fit into a head is neither tested nor changed by anyone who did not write it."""
    if complexity.incomplete:
        return unknown(f"could not be read: {complexity.incomplete}", evidence=complexity.worst)
    if complexity.functions < FUNCTIONS:
        return not_applicable(f"only {counted(complexity.functions, 'Python function')} outside tests and examples")
    share = complexity.outliers / complexity.functions
    searched = counted(complexity.functions, "function") + sample(complexity.sampled)
    if not complexity.outliers:
        return passed(
            "no Python function has more than 15 branches (McCabe) or 80 statements of its own", searched=searched
        )
    have = "has" if complexity.outliers == 1 else "have"
    said = f"{complexity.outliers} of {searched} {have} more than 15 branches (McCabe) or 80 statements"
    if share <= FEW_OUTLIERS:
        return passed(said, evidence=complexity.worst)
    score = max(_falling(share, FEW_OUTLIERS, MANY_OUTLIERS), 0.5 if complexity.outliers == 1 else 0.0)
    if score <= 0:
        return failed(said, fix=SPLIT, effort="days", evidence=complexity.worst)
    return partial(score, said, fix=SPLIT, effort="hours", evidence=complexity.worst)


@check(id="code-finished", title="Nothing unfinished is left lying about")
def is_finished(scaffolding: Scaffolding) -> Outcome:
    """Code that is commented out and files of a generator make a reader wonder what else was never finished."""
    if scaffolding.incomplete:
        return unknown(f"could not be read: {scaffolding.incomplete}")
    if not scaffolding.count and scaffolding.lines < LINES:
        return not_applicable(f"only {counted(scaffolding.lines, 'line')} of Python outside tests and examples")
    said = _said(scaffolding.leftovers, NONE_LEFT, scaffolding)
    if not scaffolding.count:
        return passed(said, searched=counted(scaffolding.files, "Python file"))
    rate = 1000 * scaffolding.count / max(scaffolding.lines, 2 * SMALL)
    if rate <= FEW_LEFTOVERS or scaffolding.count == 1:
        return passed(said, evidence=_places(scaffolding.leftovers))
    score = _falling(rate, FEW_LEFTOVERS, MANY_LEFTOVERS)
    if score <= 0:
        return failed(said, fix=CLEAR, effort="hours", evidence=_places(scaffolding.leftovers))
    return partial(score, said, fix=CLEAR, effort="minutes", evidence=_places(scaffolding.leftovers))


def _falling(value: float, best: float, worst: float) -> float:
    """From 1 at the best to 0 at the worst."""
    return 1 - (value - best) / (worst - best)


def _said(found: tuple[Flaws, ...], otherwise: str, read: Lint | Scaffolding, *, more: bool = False) -> str:
    what = joined(each.said for each in found) if found else otherwise
    where = f" in {read.lines:,} lines of Python outside tests{sample(read.sampled)}" if read.lines else ""
    return f"{'at least ' if more else ''}{what}{where}"


def _places(found: tuple[Flaws, ...]) -> list[Evidence]:
    """One place of each kind, then more of each, up to eight."""
    turns = [each.places[turn] for turn in range(3) for each in found if turn < len(each.places)]
    return [Evidence(path=at.path, line=at.line, end_line=at.end_line, note=at.note) for at in turns[:8]]
