"""Peak memory of `audit` over many repositories, one of them large: the process and all its children together.

    python benchmarks/memory.py [--repositories 100] [--big-mb 100] [--runs 1]

Sampled every 50 ms from /proc (Linux). The figure is the largest sum over the tree of the proportional set size, in
which a page that several processes share counts once; where the system does not tell it, of the resident set size.
A peak between two samples is missed, so the largest resident size of each single process, which the kernel keeps, is
shown beside it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import installed
import standin

MB = 1_000_000
EVERY = 0.05


class Peak(NamedTuple):
    """Bytes: of all processes together, of each part at that moment, and the kernel's largest of any one process."""

    total: int
    parts: tuple[tuple[str, int], ...]
    largest: int


def family(root: int) -> list[int]:
    """The process and everything that descends from it."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            try:
                stat = Path(entry.path, "stat").read_text("utf-8", "replace")
            except OSError:
                continue
            children[int(stat.rpartition(")")[2].split()[1])].append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting.extend(children[found[-1]])
    return found


def held(process: int) -> tuple[int, int]:
    """Bytes that a process holds now (shared pages in parts), and the most it ever held; 0 once it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text("utf-8", "replace")
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text("utf-8")
    except OSError:
        return 0, 0
    fields = dict(line.split(":", 1) for line in (*status.splitlines(), *rollup.splitlines()[1:]))
    kib = {name: int(value.split()[0]) for name, value in fields.items() if value.strip().endswith("kB")}
    return kib.get("Pss", kib.get("VmRSS", 0)) * 1024, kib.get("VmHWM", 0) * 1024


def watch(child: "subprocess.Popen[bytes]") -> Peak:
    """Sample the child's family until it ends."""
    peak = Peak(0, (), 0)
    largest = 0
    while child.poll() is None:
        now = {process: held(process) for process in family(child.pid)}
        largest = max([largest, *(most for _, most in now.values())])
        total = sum(size for size, _ in now.values())
        if total > peak.total:
            names = [("command" if process == child.pid else "reader", size) for process, (size, _) in now.items()]
            peak = Peak(total, tuple(sorted(names)), largest)
        time.sleep(EVERY)
    return peak._replace(largest=largest)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repositories", type=int, default=100)
    parser.add_argument("--big-mb", type=int, default=100, help="MB of source in the first repository")
    parser.add_argument("--runs", type=int, default=1)
    chosen = parser.parse_args()
    print(standin.machine())
    with (
        tempfile.TemporaryDirectory(prefix="memory-") as temporary,
        standin.serving(chosen.repositories, latency=0.0, big_mb=chosen.big_mb) as address,
    ):
        folder = Path(temporary)
        environment = {**installed.install(folder), "GH_ENTERPRISE_TOKEN": address.token}
        for run in range(chosen.runs):
            order = ["audit", standin.LOGIN, "--api-url", address.api, "--archive-url", address.archive, "--no-probe"]
            order += ["--cache-dir", str(folder / f"cache-{run}"), "-q", "--format", "json=report.json"]
            start = time.perf_counter()
            with subprocess.Popen([sys.executable, "-m", "portfolio_audit", *order], cwd=folder, env=environment) as it:
                peak = watch(it)
            seconds = time.perf_counter() - start
            parts = " + ".join(f"{name} {size / MB:.0f}" for name, size in peak.parts)
            print(
                f"{chosen.repositories} repositories, one of {chosen.big_mb} MB: peak {peak.total / MB:.0f} MB "
                f"({parts}); largest process ever {peak.largest / MB:.0f} MB; {seconds:.1f} s; exit {it.returncode}"
            )


if __name__ == "__main__":
    main()
