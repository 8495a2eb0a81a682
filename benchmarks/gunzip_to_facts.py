"""How many MB of Python a CPU-second turns from a gzipped tar into facts.

    python benchmarks/gunzip_to_facts.py SDIST.tar.gz [--runs 5] [--workers] [--each]

SDIST is any large source distribution, for example from `pip download --no-deps --no-binary :all: django`. The figure
is the median over the runs of own Python bytes (not vendored, not generated) per second of CPU time, with every tree
fact that the package has. `--workers` measures the whole way through a reading process instead: wall time, start and
transfer included. `--each` adds what each fact costs (the first to read Python pays for the parsing).
"""

import argparse
import importlib
import os
import pkgutil
import platform
import resource
import statistics
import time
from pathlib import Path

import portfolio_audit.facts
from portfolio_audit.archive.reading import read_archive
from portfolio_audit.facts.fact import TreeFact, read_facts
from portfolio_audit.facts.paths import is_own
from portfolio_audit.tree import SourceTree
from portfolio_audit.workers import Workers

MB = 1_000_000


def all_kinds() -> tuple[type[TreeFact], ...]:
    """Every tree fact defined in the package's facts, by key."""
    for module in pkgutil.iter_modules(portfolio_audit.facts.__path__):
        importlib.import_module(f"portfolio_audit.facts.{module.name}")
    kinds = [kind for kind in TreeFact.__subclasses__() if kind.__module__.startswith("portfolio_audit.facts.")]
    return tuple(sorted(kinds, key=lambda kind: kind.key()))


def read_once(content: bytes, kinds: tuple[type[TreeFact], ...], each: bool) -> tuple[int, float, float]:
    """Bytes of own Python, CPU seconds from gzip to files, and CPU seconds in all."""
    start = time.process_time()
    archive = read_archive(content[at : at + 65_536] for at in range(0, len(content), 65_536))
    if archive.stopped:
        raise SystemExit(f"not a whole archive: {archive.stopped}")
    opened = time.process_time() - start
    tree = SourceTree(archive.files, archive.contents, oid=archive.oid, unread=archive.unread)
    for kind in kinds:
        before = time.process_time()
        _, failed = read_facts(tree, (kind,))
        if each:
            reason = f"  FAILED: {failed[kind.key()]}" if failed else ""
            print(f"  {kind.__name__:20} {time.process_time() - before:7.3f} s{reason}")
    spent = time.process_time() - start
    python = sum(file.size for file in archive.files if file.path.endswith(".py") and is_own(file.path))
    return python, opened, spent


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sdist", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--workers", action="store_true", help="measure the whole way through a reading process")
    parser.add_argument("--each", action="store_true", help="show what each fact costs")
    options = parser.parse_args()
    content = options.sdist.read_bytes()
    kinds = all_kinds()
    print(f"{options.sdist.name}: {len(content) / MB:.1f} MB gzipped, {len(kinds)} facts")
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, {os.cpu_count()} CPUs"
    )
    rates, shares = [], []
    for run in range(options.runs):
        python, opened, spent = read_once(content, kinds, options.each and run == 0)
        rates.append(python / MB / spent)
        shares.append(opened)
        print(f"run {run + 1}: {python / MB:.1f} MB of Python in {spent:.2f} CPU s = {rates[-1]:.2f} MB/s")
    print(f"median {statistics.median(rates):.2f} MB per CPU-second; gzip to files {statistics.median(shares):.2f} s")
    if options.workers:
        through_workers(content, kinds, options.runs)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"peak memory of the largest process {peak / 1024:.0f} MiB")


def through_workers(content: bytes, kinds: tuple[type[TreeFact], ...], runs: int) -> None:
    """Wall time of one repository through a fresh and a reused process."""
    times = []
    with Workers(count=1) as workers:
        for _ in range(runs):
            start = time.perf_counter()
            reading = workers.read_archive(content, kinds, expected=None)
            times.append(time.perf_counter() - start)
    size = sum(len(bytes(value)) for value in reading.facts.values())
    print(f"through a process: first {times[0]:.2f} s, median {statistics.median(times):.2f} s; {size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
