"""Hygiene: the repository holds what others need, and no secrets."""

from portfolio_audit.api import Evidence, Outcome, check, failed, partial, passed, unknown
from portfolio_audit.facts.leaks import Leaks
from portfolio_audit.facts.leftovers import Leftover, Leftovers
from portfolio_audit.facts.words import counted, joined

REVOKE = (
    "If it is real, revoke it where it was issued first: what was public once is known. Then read it from the "
    "environment, and take it out of the history (git filter-repo) if it must not be seen."
)
IGNORE = "Take them out with `git rm -r --cached` and name them in .gitignore."
LARGE = "Keep large files out of git: Git LFS, DVC, a release or a model hub, and a script that fetches them."
LOOKED_FOR = "no installed packages, caches, build outputs, records of runs or large files"
FEW = 5
"""Fewer files of a kind than this slipped in by mistake, and cost half as much."""
KINDS = {
    "environment": ("installed packages", 0.0),
    "state": ("the state of deployed infrastructure", 0.3),
    "model": ("large model files", 0.5),
    "data": ("large data files", 0.5),
    "build": ("build outputs", 0.7),
    "cache": ("caches and system files", 0.7),
    "run": ("records of runs", 0.8),
    "editor": ("one user's editor state", 0.8),
}


@check(id="repository-clean", title="Only what others need is committed")
def holds_what_others_need(leftovers: Leftovers) -> Outcome:
    """Caches and installed packages bury the code that a reviewer came for, and tell that nobody looks at the diff."""
    if not leftovers.found:
        but = f"; the size of {counted(leftovers.unsized, 'file')} is not known" if leftovers.unsized else ""
        return passed(f"{LOOKED_FOR} among {counted(leftovers.files, 'file')}{but}")
    said = f"committed are {joined(_named(each) for each in leftovers.found)}"
    evidence = [Evidence(path, note=KINDS[each.kind][0]) for each in leftovers.found for path in each.paths]
    score = min(_score(each) for each in leftovers.found)
    kinds = {each.kind for each in leftovers.found}
    fix = " ".join(
        text for text, wanted in ((IGNORE, kinds - {"data", "model"}), (LARGE, kinds & {"data", "model"})) if wanted
    )
    if not score:
        return failed(said, fix=fix, effort="minutes", evidence=evidence[:8])
    return partial(score, said, fix=fix, effort="minutes", evidence=evidence[:8])


@check(id="secrets-absent", title="No key or token is committed")
def holds_no_secrets(leaks: Leaks) -> Outcome:
    """A committed key is read by machines within minutes, and by a reviewer as a sign of how work is done."""
    if leaks.count:
        first = leaks.leaks[0]
        more = f", and {counted(leaks.count - 1, 'more line')}" if leaks.count > 1 else ""
        said = f"at least one line looks like it holds {first.kind}{more}"
        evidence = [_shown(leak.place.path, leak.place.line, leak.place.note, leak.kind) for leak in leaks.leaks]
        return failed(said, fix=REVOKE, effort="hours", evidence=evidence, confidence=0.9)
    if leaks.incomplete:
        return unknown(f"could not be read: {leaks.incomplete}")
    read = f"{counted(leaks.files, 'file')} at the commit read (the history was not searched)"
    return passed(f"nothing that looks like a key or token in {read}")


def _score(leftover: Leftover) -> float:
    """What is left of the point; large files are judged by their size, so their number says nothing."""
    least = KINDS[leftover.kind][1]
    return (1 + least) / 2 if leftover.files < FEW and leftover.kind not in ("data", "model", "state") else least


def _named(leftover: Leftover) -> str:
    words, _ = KINDS[leftover.kind]
    size = f", {leftover.mebibytes} MiB" if leftover.mebibytes else ""
    return f"{words} ({counted(leftover.files, 'file')}{size})"


def _shown(path: str, line: int | None, note: str, kind: str) -> Evidence:
    return Evidence(path, line, note=f"{note}: looks like {kind}" if note else f"looks like {kind}")
