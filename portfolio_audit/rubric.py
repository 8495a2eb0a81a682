"""The rubric: what weighs how much, as data that anyone may replace.

Nothing of the judgement's arithmetic is written here, and no weight is written anywhere else. A rubric is refused as a
whole if any part of it cannot mean what it says; the message names the file and the key.
"""

import difflib
import hashlib
import tomllib
from collections.abc import Collection, Iterator
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import msgspec

from portfolio_audit.errors import ConfigError
from portfolio_audit.snapshot import Value

BUILT_IN = "rubric.toml"
LARGEST = 256 * 1024


class Band(Value, frozen=True, forbid_unknown_fields=True):
    """A name for scores from `at_least` up to the next band."""

    name: str
    at_least: float


class Ceiling(Value, frozen=True, forbid_unknown_fields=True):
    """The highest score without any AI or data work, and the fix that lifts it."""

    at: float
    fix: str
    guide: str
    effort: Literal["minutes", "hours", "days"] = "days"


class Factor(Value, frozen=True, forbid_unknown_fields=True):
    """A repository that fails `check` keeps only `factor` (0 to 1) of its value in criteria marked `originality`."""

    check: str
    factor: float


class Criterion(Value, frozen=True, forbid_unknown_fields=True):
    """One criterion of the guide.

    `across` says how repositories add up: "best" (one repository has to show it all), "any" (each check may be met in
    another repository), "mean" (of the three repositories that show the person best), "listed" (the mean of all listed
    repositories, so that nothing is hidden behind three good ones), "portfolio" (asked once).
    `needs` is the check the criterion rests on: while it fails, siblings that do not apply count as failed.
    `only = "ai"` looks at repositories with AI or data work alone; `originality` applies the rubric's factors.
    `in_repository` tells whether a repository alone can meet it; of one that is, `remote` names the checks that need
    more than the repository's files and are no question for it alone. `strict` names checks whose unknown answer counts
    as failed in the score and as passed in the upper end. `fix` says what to do where no repository has anything of
    the kind, so that no check of theirs can say it.
    """

    id: str
    title: str
    guide: str
    weight: float
    across: Literal["best", "any", "mean", "listed", "portfolio"]
    checks: dict[str, float]
    needs: str | None = None
    only: Literal["ai"] | None = None
    originality: bool = False
    in_repository: bool = True
    strict: tuple[str, ...] = ()
    remote: tuple[str, ...] = ()
    fix: str | None = None
    effort: Literal["minutes", "hours", "days"] = "days"


class Category(Value, frozen=True, forbid_unknown_fields=True):
    """A group of criteria; its weight is the sum of theirs."""

    id: str
    title: str
    criterion: tuple[Criterion, ...]


class Rubric(Value, frozen=True, forbid_unknown_fields=True):
    """The whole rubric. `least_coverage` (0 to 1) is the share that must be known before one number is named.

    `least_asked` (0 to 1) is the share that must be asked of a repository judged alone: of an empty one nothing is.

    `hash` is the SHA-256 of the text.
    """

    schema: Literal[1]
    name: str
    category: tuple[Category, ...]
    band: tuple[Band, ...]
    ceiling: Ceiling
    originality: tuple[Factor, ...] = ()
    least_coverage: float = 0.5
    least_asked: float = 0.0
    hash: str = ""

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria in the order of the file."""
        return tuple(criterion for category in self.category for criterion in category.criterion)

    @property
    def checks(self) -> frozenset[str]:
        """The ids of all checks that carry weight."""
        return frozenset(check for criterion in self.criteria for check in criterion.checks)

    def criterion_of(self, check: str) -> Criterion | None:
        """The criterion that a check belongs to, or None if the rubric does not name it."""
        return next((criterion for criterion in self.criteria if check in criterion.checks), None)

    def out_of_scope(self, scope: Literal["portfolio", "repository", "folder"]) -> frozenset[str]:
        """The checks that are no question in this scope: what a repository alone cannot meet."""
        if scope == "portfolio":
            return frozenset()
        return frozenset(
            check
            for criterion in self.criteria
            for check in (criterion.remote if criterion.in_repository else criterion.checks)
        )


def load(path: Path | None, known: Collection[str]) -> Rubric:
    """The rubric of that file, or the built-in one; `known` are the ids of all installed checks.

    Raises ConfigError, naming file and key.
    """
    if path is None:
        content = resources.files("portfolio_audit").joinpath(BUILT_IN).read_bytes()
        return parse(content, "the built-in rubric", known)
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as fault:
        raise ConfigError(f"{path}: cannot be read ({fault.strerror})", hint="name a rubric with --rubric") from None
    if len(content) > LARGEST:
        raise ConfigError(f"{path}: too large for a rubric (more than {LARGEST // 1024} KiB)")
    return parse(content, str(path), known)


def parse(content: bytes, name: str, known: Collection[str]) -> Rubric:
    """The rubric in that text; `name` is what messages call it. Raises ConfigError."""
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise ConfigError(f"{name}: not valid TOML ({fault})", hint="see docs/scoring.md for the format") from None
    for key, found, allowed in _unknown_keys(table):
        raise ConfigError(f"{name}: unknown key {key}{found!r}{_nearest(found, allowed)}")
    try:
        rubric = msgspec.convert(table, Rubric)
    except msgspec.ValidationError as fault:
        raise ConfigError(f"{name}: {fault}", hint="see docs/scoring.md for the format") from None
    for complaint in _complaints(rubric, known):
        raise ConfigError(f"{name}: {complaint}")
    return msgspec.structs.replace(rubric, hash=hashlib.sha256(content).hexdigest())


_TABLES: dict[str, tuple[type[Value], str]] = {
    "category": (Category, "category."),
    "criterion": (Criterion, "category.criterion."),
    "band": (Band, "band."),
    "originality": (Factor, "originality."),
    "ceiling": (Ceiling, "ceiling."),
}


def _unknown_keys(
    table: dict[str, Any], kind: type[Value] = Rubric, prefix: str = ""
) -> Iterator[tuple[str, str, list[str]]]:
    allowed = [field.name for field in msgspec.structs.fields(kind) if field.name != "hash"]
    for key, value in table.items():
        if key not in allowed:
            yield prefix, key, allowed
        elif key in _TABLES and kind is not Criterion:
            inner, inner_prefix = _TABLES[key]
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    yield from _unknown_keys(item, inner, inner_prefix)


def _complaints(rubric: Rubric, known: Collection[str]) -> Iterator[str]:
    seen: dict[str, str] = {}
    ids: set[str] = set()
    for criterion in rubric.criteria:
        where = f"criterion {criterion.id!r}"
        if criterion.id in ids:
            yield f"two criteria are called {criterion.id!r}"
        ids.add(criterion.id)
        if not criterion.checks:
            yield f"{where}: checks is empty"
        if not _positive(criterion.weight):
            yield f"{where}: weight must be above 0, not {criterion.weight}"
        for check, weight in criterion.checks.items():
            if check not in known:
                yield f"{where}: checks names unknown check {check!r}{_nearest(check, known)}"
            if check in seen:
                yield f"{where}: check {check!r} is already in criterion {seen[check]!r}"
            seen[check] = criterion.id
            if not _positive(weight):
                yield f"{where}: the weight of {check!r} must be above 0, not {weight}"
        if criterion.across not in ("best", "any") and (criterion.only or criterion.originality):
            yield f"{where}: only and originality need across = 'best' or 'any', not {criterion.across!r}"
        for key, named in (
            ("needs", criterion.needs),
            *(("strict", check) for check in criterion.strict),
            *(("remote", check) for check in criterion.remote),
        ):
            if named is not None and named not in criterion.checks:
                yield f"{where}: {key} names {named!r}, which is none of its checks{_nearest(named, criterion.checks)}"
    if not ids:
        yield "category: there is no criterion"
    for factor in rubric.originality:
        if factor.check not in seen:
            yield f"originality: {factor.check!r} is in no criterion{_nearest(factor.check, seen)}"
        if not 0 <= factor.factor < 1:
            yield f"originality: factor must lie between 0 and 1, not {factor.factor}"
    starts = [band.at_least for band in rubric.band]
    if not starts or starts[0] != 0 or starts != sorted(set(starts)) or starts[-1] > 100:
        yield "band: at_least must start at 0 and rise within 100"
    if not 0 <= rubric.ceiling.at <= 100:
        yield f"ceiling.at must lie between 0 and 100, not {rubric.ceiling.at}"
    if not 0 <= rubric.least_coverage <= 1:
        yield f"least_coverage must lie between 0 and 1, not {rubric.least_coverage}"
    if not 0 <= rubric.least_asked <= 1:
        yield f"least_asked must lie between 0 and 1, not {rubric.least_asked}"


def _positive(number: float) -> bool:
    return 0 < number <= 1e6


def _nearest(word: str, words: Collection[str]) -> str:
    close = difflib.get_close_matches(word, sorted(words), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
