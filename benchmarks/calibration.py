"""What the score separates: repository scores of hand-labelled repositories, by the kind that a reader called them.

    python benchmarks/calibration.py --labels FILE --repos FOLDER

The labels play no part in any score. Numbers are low ends, as `check` would print them; repositories whose clone lacks
files are left out, since their range is wide for a reason that is not theirs.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median, quantiles

from labelled import git_directory, tree

from portfolio_audit import audit, rubric
from portfolio_audit.discovery import discover
from portfolio_audit.facts.fact import Portfolio
from portfolio_audit.scoring import score
from portfolio_audit.snapshot import Owner, RepositoryRecord, Snapshot
from portfolio_audit.testing import TreeRepository

LEAST = 3
"""Kinds with fewer repositories say nothing and are only listed."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--labels", type=Path, required=True)
    arguments.add_argument("--repos", type=Path, required=True)
    given = arguments.parse_args()
    checks = {provided.check.id: provided.check for provided in discover().checks}
    rules = rubric.load(None, checks)
    kinds: defaultdict[str, list[float]] = defaultdict(list)
    left_out = 0
    with tempfile.TemporaryDirectory() as cache:
        for line in given.labels.read_text("utf-8").splitlines():
            label = json.loads(line)
            directory = git_directory(given.repos, label["repo"])
            if directory is None:
                continue
            files = tree(directory, label["commit"], Path(cache))
            if files.unread:
                left_out += 1
                continue
            record = RepositoryRecord(id="1", name=label["repo"].partition("/")[2], full_name=label["repo"])
            snapshot = Snapshot(mode="local", scope="repository", owner=Owner("Folder", "x"), repositories=(record,))
            repository = TreeRepository(record, snapshot, files)
            portfolio = Portfolio(snapshot, (repository,))
            kinds[label["kind"]].append(score(portfolio, audit.run(portfolio, checks.values()), rules).low)
    print(f"{'kind':<26}{'n':>3}  {'least':>6}{'lower':>7}{'median':>8}{'upper':>7}{'most':>7}")
    for kind, scores in sorted(kinds.items(), key=lambda item: -median(item[1])):
        lower, _, upper = quantiles(scores, n=4, method="inclusive") if len(scores) > 1 else (scores[0],) * 3
        few = "" if len(scores) >= LEAST else "   few"
        spread = f"{lower:>7.1f}{median(scores):>8.1f}{upper:>7.1f}{max(scores):>7.1f}"
        print(f"{kind:<26}{len(scores):>3}  {min(scores):>6.1f}{spread}{few}")
    print(f"{left_out} repositories left out: files missing from the clone")


if __name__ == "__main__":
    main()
