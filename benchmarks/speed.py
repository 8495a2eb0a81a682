"""How long a person waits: `audit` cold and warm, `check` of a large folder, and `--help`, as whole processes.

    python benchmarks/speed.py [--runs 5] [--repositories 30] [--latency 0.05] [--only audit,check,help]

Medians over the runs. The stand-in runs in a process of its own on the same machine, so with few cores its work takes
from the client's. The package is installed and compiled first, as a person has it. Wall time is from the start of the
process to its end; CPU time is of the process and its children, and the figure to compare on a busy machine.
"""

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import installed
import standin

COMMAND = [sys.executable, "-m", "portfolio_audit"]


class Time(NamedTuple):
    """Seconds of one run."""

    wall: float
    cpu: float


def timed(arguments: Sequence[str], folder: Path, environment: dict[str, str], codes: Sequence[int] = (0,)) -> Time:
    """Run the command and measure it. Raises RuntimeError, with what it said, if its exit code is none of `codes`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run([*COMMAND, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in codes:
        raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr[-500:]}")
    return Time(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def median(runs: int, run: Callable[[], Time]) -> tuple[Time, list[float]]:
    """The medians of some runs, and their wall times from fast to slow."""
    times = [run() for _ in range(runs)]
    middle = Time(statistics.median(time.wall for time in times), statistics.median(time.cpu for time in times))
    return middle, sorted(time.wall for time in times)


def show(what: str, result: tuple[Time, list[float]]) -> None:
    """One line of the table."""
    middle, walls = result
    spread = f"{walls[0]:.2f}-{walls[-1]:.2f}"
    print(f"{what:<44} {middle.wall:6.2f} s wall {middle.cpu:6.2f} s CPU   ({spread})", flush=True)


def audits(runs: int, repositories: int, latency: float, folder: Path, base: dict[str, str]) -> None:
    """`audit` with an empty cache, and again with a full one."""
    with standin.serving(repositories, latency=latency) as address:
        environment = {**base, "GH_ENTERPRISE_TOKEN": address.token, "GH_TOKEN": address.token}
        cache = folder / "cache"
        order = ["audit", standin.LOGIN, "--api-url", address.api, "--archive-url", address.archive, "--no-probe"]
        order += ["--cache-dir", str(cache), "-q"]

        def cold() -> Time:
            shutil.rmtree(cache, ignore_errors=True)
            return timed(order, folder, environment, codes=(0, 3))

        def warm() -> Time:
            return timed(order, folder, environment, codes=(0, 3))

        cold()
        what = f"{repositories} repositories, {latency * 1000:.0f} ms a request"
        show(f"audit cold: {what}", median(runs, cold))
        show(f"audit warm: {what}", median(runs, warm))


def checks(runs: int, files: int, folder: Path, environment: dict[str, str]) -> None:
    """`check` of one repository with many small files."""
    target = folder / "large"
    for number in range(files):
        path = target / f"pkg_{number % 40}" / f"part_{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(standin.module(f"part_{number}", 8), "utf-8")
    (target / "README.md").write_text("# Large\n\nAn invented project.\n", "utf-8")
    size = sum(path.stat().st_size for path in target.rglob("*.py")) / 1e6
    result = median(runs, lambda: timed(["check", str(target), "-q"], folder, environment, codes=(0, 3)))
    show(f"check: {files} Python files, {size:.1f} MB", result)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--repositories", type=int, default=30)
    parser.add_argument("--latency", type=float, default=0.05, help="seconds each request waits")
    parser.add_argument("--files", type=int, default=2000, help="files of the repository for check")
    parser.add_argument("--only", default="help,audit,check", help="which of help, audit, check")
    chosen = parser.parse_args()
    print(standin.machine())
    with tempfile.TemporaryDirectory(prefix="speed-") as temporary:
        folder = Path(temporary)
        environment = installed.install(folder)
        if "help" in chosen.only:
            show("--help", median(chosen.runs, lambda: timed(["--help"], folder, environment)))
        if "audit" in chosen.only:
            audits(chosen.runs, chosen.repositories, chosen.latency, folder, environment)
        if "check" in chosen.only:
            checks(chosen.runs, chosen.files, folder, environment)


if __name__ == "__main__":
    main()
