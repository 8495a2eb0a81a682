"""Precision, recall and agreement of the facts against hand labels, with every disagreement and its evidence.

    python benchmarks/accuracy.py --labels FILE --repos FOLDER [--claims tests_present,license] [--only PART]

FILE has one JSON object a line (repo, commit, labels); FOLDER holds a clone of each. Labels "unclear" and "n/a"
count neither way. An answer "could not tell" is shown apart: it costs recall where the label says yes.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
from claims import CLAIMS, EVIDENCE, Claim, signals
from labelled import Labelled, began, fact, git_directory, tree

from portfolio_audit.errors import Unavailable

SKIPPED = ("unclear", "n/a", None)
SHOWN = 1200


class Tally(msgspec.Struct):
    """What one claim came to over all repositories."""

    claim: Claim
    true_positive: int = 0
    false_positive: int = 0
    false_negative: int = 0
    agreed: int = 0
    compared: int = 0
    unknown: int = 0
    disagreements: list[str] = []

    def row(self) -> str:
        if self.compared and self.unknown == self.compared:
            return f"{self.claim.title:36} {self.compared:4} no answer for any repository"
        if self.claim.kind == "exact":
            share = f"{self.agreed / self.compared:6.1%}" if self.compared else "     –"
            agreed = f"agree {self.agreed:3} = {share}"
            return f"{self.claim.title:36} {self.compared:4} {'':23} {agreed}  unknown {self.unknown}"
        precision = _ratio(self.true_positive, self.true_positive + self.false_positive)
        recall = _ratio(self.true_positive, self.true_positive + self.false_negative)
        f1 = _ratio(2 * self.true_positive, 2 * self.true_positive + self.false_positive + self.false_negative)
        counts = f"tp {self.true_positive:3} fp {self.false_positive:3} fn {self.false_negative:3}"
        figures = f"P {precision}  R {recall}  F1 {f1}"
        return f"{self.claim.title:36} {self.compared:4} {counts:23} {figures}  unknown {self.unknown}"


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "  –  "


def expected(label: dict[str, Any], claim: Claim) -> Any:
    """The label's value for a claim; a list of names says yes if it is not empty."""
    stated = label.get(claim.field)
    if isinstance(stated, dict):
        if claim.kind == "exact" and stated.get("label", "") in SKIPPED:
            return None
        stated = stated.get(claim.label)
    elif isinstance(stated, list):
        return bool(stated)
    if claim.kind == "yesno" and stated not in SKIPPED:
        return stated == "yes"
    return stated


def compare(tally: Tally, label: dict[str, Any], repository: Labelled) -> None:
    """Count one repository for one claim."""
    claim, wanted = tally.claim, expected(label, tally.claim)
    recognised = signals(repository)
    if wanted in SKIPPED or not recognised.keys() >= set(claim.signals):
        return
    got = claim.value(recognised)
    tally.compared += 1
    tally.unknown += got is None
    if claim.kind == "yesno":
        same = bool(got) == wanted
        tally.true_positive += wanted and same
        tally.false_negative += wanted and not same
        tally.false_positive += not wanted and not same
    else:
        near = isinstance(got, int | float) and isinstance(wanted, int | float)
        same = abs(got - wanted) <= claim.within + 1e-9 if near else got == wanted
        tally.agreed += same
    if not same or got is None:
        tally.disagreements.append(_describe(label, claim, wanted, got, repository))


def _describe(label: dict[str, Any], claim: Claim, wanted: Any, got: Any, repository: Labelled) -> str:
    shown: dict[str, Any] = {name: signals(repository)[name] for name in claim.signals}
    for module, name in EVIDENCE.get(claim.field, ()):
        try:
            shown[name] = msgspec.to_builtins(fact(repository, module, name))
        except Unavailable as unavailable:
            shown[name] = unavailable.reason
    ours = json.dumps(shown, ensure_ascii=False, default=str)[:SHOWN]
    theirs = json.dumps(label.get(claim.field), ensure_ascii=False)
    return f"  {label['repo']}  label {wanted!r}, ours {got!r}\n      label: {theirs}\n      ours:  {ours}"


def main() -> int:
    """Measure and print. Returns 1 if no repository was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--repos", type=Path, required=True)
    parser.add_argument("--claims", help="comma-separated fields; all by default")
    parser.add_argument("--only", help="only repositories whose name contains this")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "portfolio-audit-accuracy")
    parser.add_argument("--quiet", action="store_true", help="the table without the disagreements")
    parser.add_argument(
        "--dated",
        action="store_true",
        help="take the day of a clone's first commit for the repository's own; one that carries an origin's history "
        "then counts as that origin",
    )
    options = parser.parse_args()
    chosen = options.claims.split(",") if options.claims else None
    tallies = [Tally(claim, disagreements=[]) for claim in CLAIMS if chosen is None or claim.field in chosen]
    started, read, absent = time.process_time(), 0, []
    for line in options.labels.read_text("utf-8").splitlines():
        label = json.loads(line)
        if options.only and options.only.lower() not in label["repo"].lower():
            continue
        directory = git_directory(options.repos, label["repo"])
        if directory is None:
            absent.append(label["repo"])
            continue
        day = began(directory, label["commit"]) if options.dated else None
        repository = Labelled(label["repo"], tree(directory, label["commit"], options.cache), day)
        read += 1
        for tally in tallies:
            compare(tally, label, repository)
    for tally in tallies:
        print(tally.row() if tally.compared else f"{tally.claim.title:36}    – not measured")
    for tally in tallies if not options.quiet else ():
        if tally.disagreements and tally.unknown < tally.compared:
            print(f"\n{tally.claim.title}:", *tally.disagreements, sep="\n")
    print(
        f"\n{read} repositories, {time.process_time() - started:.1f} CPU-s",
        *(f"no clone of {name}" for name in absent),
        sep="\n",
    )
    return 0 if read else 1


if __name__ == "__main__":
    sys.exit(main())
