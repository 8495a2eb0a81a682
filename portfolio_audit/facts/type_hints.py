"""How much of the Python is annotated.

Counted over functions outside tests; where no .py file has one, over functions in notebooks. Languages that are typed
by nature have no such fact.
"""

from itertools import islice
from typing import ClassVar, Literal, Self

from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.paths import is_test
from portfolio_audit.facts.python_code import PythonCode, python_code
from portfolio_audit.facts.python_module import Function, PythonModule
from portfolio_audit.facts.python_names import Parameter
from portfolio_audit.tree import SourceTree

EXAMPLES = 5
TOLERATED = 0.05


class TypeHints(TreeFact, frozen=True):
    """Shares between 0 and 1 of the functions counted.

    `share_any`: at least one annotation; `share_full`: every parameter and the return; `share_slots`: annotated slots
    of all slots, where a slot is a parameter or a return and self and cls are none. `bare` shows up to five functions
    without any, `annotated` up to five with. `sampled` files more were left out because there are very many.
    """

    absent: ClassVar[str] = "there are no Python functions"
    version: ClassVar[str] = "5"
    functions: int = 0
    share_any: float = 0.0
    share_full: float = 0.0
    share_slots: float = 0.0
    scope: Literal["files", "notebooks"] = "files"
    annotated: tuple[Location, ...] = ()
    bare: tuple[Location, ...] = ()
    sampled: int = 0

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """The shares, or None if there is no Python function and everything was read."""
        code = tree.derive(python_code)
        counted = [(module, function) for module in code.modules if not module.test for function in module.functions]
        files = bool(counted)
        if not files:
            counted = [(module, function) for module in code.notebooks for function in module.functions]
        incomplete = _gap(code, files=files)
        if not counted:
            return cls(incomplete=incomplete) if incomplete else None
        total = len(counted)
        annotated = slots = 0
        for _, function in counted:
            having, every = _slots(function)
            annotated, slots = annotated + having, slots + every
        return cls(
            incomplete=incomplete,
            functions=total,
            share_any=_share(sum(1 for _, each in counted if _annotated(each)), total),
            share_full=_share(sum(1 for _, each in counted if _full(each)), total),
            share_slots=_share(annotated, slots),
            scope="files" if files else "notebooks",
            annotated=_examples(counted, annotated=True),
            bare=_examples(counted, annotated=False),
            sampled=sum(not is_test(path) for path in code.skipped) if files else 0,
        )


def _gap(code: PythonCode, *, files: bool) -> str | None:
    """What is missing, if it could move a share by more than a twentieth; unread notebooks matter where they count."""
    unread = sum(1 for path in code.unread if not files or not path.lower().endswith(".ipynb"))
    total = unread + len(code.modules if files else code.all)
    if unread <= TOLERATED * total:
        return None
    return f"{unread} of {total} Python {'files' if files else 'files and notebooks'}"


def _examples(counted: list[tuple[PythonModule, Function]], *, annotated: bool) -> tuple[Location, ...]:
    found = (module.place(each.line, note=each.name) for module, each in counted if bool(_annotated(each)) == annotated)
    return tuple(islice(found, EXAMPLES))


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _annotated(function: Function) -> int:
    return sum(each.annotated for each in _parameters(function)) + function.returns


def _full(function: Function) -> bool:
    """Every parameter and the return; for `__init__` the return may be left out, as type checkers allow."""
    returns = function.returns or function.name == "__init__"
    return _annotated(function) > 0 and returns and all(each.annotated for each in _parameters(function))


def _slots(function: Function) -> tuple[int, int]:
    """Annotated slots and all slots. The return of `__init__` is none: it can only be None."""
    parameters = _parameters(function)
    annotated = sum(each.annotated for each in parameters)
    if function.name == "__init__":
        return annotated, len(parameters)
    return annotated + function.returns, len(parameters) + 1


def _parameters(function: Function) -> list[Parameter]:
    return [each for each in function.parameters if each.name not in ("self", "cls")]
