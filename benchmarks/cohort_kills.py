"""A cohort that is killed at random moments again and again must end like one that nobody touched.

    python benchmarks/cohort_kills.py [--students 60] [--repositories 3] [--kills 60] [--seed 1]

Each time the command is killed (SIGKILL) after a random part of the seconds that its start and a few students take;
a run that ends before its kill is followed by one with --fresh, so that kills meet every stage. Then it may end.
Compared are all files but the journal, byte for byte; looked for are processes left behind a second after each kill.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cohort_cost
import memory
import standin


def files(folder: Path) -> dict[str, bytes]:
    """The content of every file but the journal."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("results.sqlite"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def main() -> None:
    """Kill, resume, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--repositories", type=int, default=3)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=4.0, help="the latest moment of a kill")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.latency, options.calm = 0.0, True
    dice = random.Random(options.seed)
    print(standin.machine())
    with tempfile.TemporaryDirectory(prefix="cohort-kills-") as temporary, cohort_cost.serving(options) as (address, _):
        work = Path(temporary)
        (work / "roster.txt").write_text("\n".join(map(cohort_cost.login, range(options.students))))

        def command(folder: str, *more: str) -> "subprocess.Popen[bytes]":
            (work / folder).mkdir(exist_ok=True)
            order = [sys.executable, "-m", "portfolio_audit", "cohort", "../roster.txt", "-o", "cohort", "--no-probe"]
            order += [
                "--api-url",
                address["api"],
                "--archive-url",
                address["archive"],
                "--cache-dir",
                "../cache",
                *more,
            ]
            environment = {**os.environ, "GH_ENTERPRISE_TOKEN": address["token"], "PYTHONPATH": str(standin.ROOT)}
            with (work / "said.txt").open("wb") as said:
                return subprocess.Popen(order, cwd=work / folder, env=environment, stdout=said, stderr=said)

        kills = ended = orphans = within = 0
        fresh: tuple[str, ...] = ()
        while kills < options.kills:
            with command("killed", *fresh) as child:
                try:
                    child.wait(dice.uniform(0.1, options.seconds))
                    fresh, ended = ("--fresh",), ended + 1
                    continue
                except subprocess.TimeoutExpired:
                    fresh = ()
                    below = [process for process in memory.family(child.pid) if process != child.pid]
                    os.kill(child.pid, signal.SIGKILL)
                    kills += 1
            within += (
                re.search(r"^\d+ of \d+: ", (work / "said.txt").read_text("utf-8", "replace"), re.MULTILINE) is not None
            )
            time.sleep(1)
            orphans += sum(memory.held(process)[1] > 0 for process in below)
        codes = [command("killed").wait(), command("whole", "--cache-dir", "../other").wait()]
        killed, whole = files(work / "killed" / "cohort"), files(work / "whole" / "cohort")
        rows = json.loads(killed["cohort.json"])["students"]
        print(
            f"{options.students} students, {kills} kills ({within} of runs that had begun, "
            f"{ended} runs ended before theirs); exits {codes}"
        )
        print(
            f"students in the result: {len(rows)}, of {len({row['key'] for row in rows})} keys; left behind: {orphans}"
        )
        differing = sorted(name for name in {*killed, *whole} if killed.get(name) != whole.get(name))
        print(f"files: {len(whole)}, differing: {differing or 'none'}")


if __name__ == "__main__":
    main()
