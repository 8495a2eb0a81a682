"""A whole cohort against the stand-in with bad luck mixed in: states, requests against the plan, memory, a second run.

    python benchmarks/cohort_cost.py [--students 200] [--repositories 15] [--latency 0.02]

Of every twenty students one has no account, one an account with nothing, and one a repository whose archive always
breaks off; everybody meets server errors, resets, a secondary and a primary limit once in a while. The plan is what
`--dry-run` states before. Memory is that of the command's process, read each time a student is announced; the slope is
a straight line through the second half of these readings. Peak: all processes together, sampled as in memory.py.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import memory
import standin

from tests.ghstub import Fault, GitHubStub, Owner, Repo, World
from tests.ghstub.service import NOON, Entry
from tests.ghstub.wire import Seen

MB = 1_000_000


def kind(number: int) -> str:
    """What a student is there for."""
    return {7: "not-found", 11: "empty", 13: "partial"}.get(number % 20, "done")


def login(number: int) -> str:
    return f"{kind(number)}-{number}-invented"


def world(students: int, repositories: int) -> World:
    """Invented students, each with small repositories of their own."""
    there = [number for number in range(students) if kind(number) != "not-found"]
    return World(
        owners=tuple(Owner(login=login(number)) for number in there),
        repositories=tuple(
            Repo.from_files(
                {
                    "README.md": f"# Project {place}\n\nInvented.\n\n## Run\n\n    python main.py\n",
                    "main.py": standin.module(f"s{number}_{place}", 12),
                    "test_main.py": f"def test_it():\n    assert {number} + {place} == {number + place}\n",
                },
                owner=login(number),
                name=f"project-{place}",
            )
            for number in there
            if kind(number) != "empty"
            for place in range(repositories)
        ),
    )


def every(amount: int, *parts: str) -> Callable[[Seen], bool]:
    """A match that is met by one in so many of the requests that hold one of these parts."""
    seen_so_far = Counter[str]()

    def met(seen: Seen) -> bool:
        if not any(part in seen.path for part in parts):
            return False
        seen_so_far["all"] += 1
        return seen_so_far["all"] % amount == 0

    return met


def faults() -> tuple[Fault, ...]:
    return (
        Fault(
            kind="truncate",
            match=lambda seen: seen.host == "archive" and "/partial-" in seen.path and "/project-3/" in seen.path,
        ),
        Fault(kind="status", status=502, match=every(97, "/tarball/")),
        Fault(kind="reset", match=every(131, "/tarball/")),
        Fault(kind="status", status=503, match=every(61, "graphql")),
        Fault(kind="secondary", retry_after=1, match=every(401, "/tarball/")),
        Fault(kind="primary", seconds=2, match=every(701, "/tarball/")),
    )


@contextmanager
def serving(options: argparse.Namespace) -> Iterator[tuple[dict[str, str], Callable[[], dict[str, int]]]]:
    """The stand-in in a process of its own, and how it answered the requests since it was last asked."""
    order = [sys.executable, __file__, "--serve", "--students", str(options.students)]
    order += ["--repositories", str(options.repositories), "--latency", str(options.latency)]
    order += ["--calm"] if options.calm else []
    with subprocess.Popen(order, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        there, back = server.stdin, server.stdout

        def tally() -> dict[str, int]:
            there.write("\n")
            there.flush()
            return dict(sorted(json.loads(back.readline()).items()))

        yield json.loads(back.readline()), tally
        there.close()


def serve(options: argparse.Namespace) -> None:
    made = world(options.students, options.repositories)
    stub = GitHubStub(
        made,
        faults=() if options.calm else faults(),
        latency=options.latency,
        validate=False,
        limits={"core": 10**6, "graphql": 10**6, "search": 10**6},
        web_url="https://github.example",
        now=(lambda: NOON) if options.calm else (lambda: datetime.now(UTC)),
    )
    with stub:
        print(json.dumps({"api": stub.api_url, "archive": stub.archive_url, "token": stub.token}), flush=True)
        told = 0
        for _ in sys.stdin:
            asked, told = stub.log[told:], len(stub.log)
            print(json.dumps(Counter(answered(entry) for entry in asked)), flush=True)
        stub.violations.clear()


def answered(entry: Entry) -> str:
    """How the stand-in answered: what was asked, and whether bad luck made the tool ask again."""
    what = "archive host" if entry.host == "archive" else entry.operation or entry.path.split("/")[-2]
    return f"{what}, answered" if 200 <= entry.status < 400 else f"{what}, {entry.status or 'connection reset'}"


def run(
    folder: Path, address: dict[str, str], *more: str
) -> tuple[int, str, memory.Peak, list[tuple[int, int]], float]:
    """The command's exit code, what it said, its peak, its own memory by student, and seconds."""
    order = [sys.executable, "-m", "portfolio_audit", "cohort", "roster.txt", "-o", "cohort", "-v", "--no-probe"]
    order += ["--api-url", address["api"], "--archive-url", address["archive"], "--cache-dir", str(folder / "cache")]
    environment = {**os.environ, "GH_ENTERPRISE_TOKEN": address["token"], "PYTHONPATH": str(standin.ROOT)}
    said: list[str] = []
    held: list[tuple[int, int]] = []
    start = time.perf_counter()
    with subprocess.Popen(
        [*order, *more], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as child:

        def listen() -> None:
            assert child.stdout is not None
            for raw in child.stdout:
                line = raw.decode("utf-8", "replace")
                said.append(line)
                if found := re.match(r"(\d+) of \d+: ", line):
                    held.append((int(found.group(1)), memory.held(child.pid)[0]))

        listener = threading.Thread(target=listen)
        listener.start()
        peak = memory.watch(child)
        listener.join()
    return child.returncode, "".join(said), peak, held, time.perf_counter() - start


def slope(held: list[tuple[int, int]]) -> float:
    """Bytes per student over the second half."""
    points = held[len(held) // 2 :]
    if len(points) < 2:
        return 0.0
    middle = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
    over = sum((x - middle[0]) ** 2 for x, _ in points)
    return sum((x - middle[0]) * (y - middle[1]) for x, y in points) / over


def sent(said: str) -> int:
    """Requests to the API that the command says it sent; each archive costs one more, to the archive host."""
    tally = re.search(r"^Requests: (.*)$", said, re.MULTILINE)
    buckets = re.findall(r"(\d+) (core|graphql|search)", tally.group(1)) if tally else []
    return sum(int(number) for number, _ in buckets)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--repositories", type=int, default=15)
    parser.add_argument("--latency", type=float, default=0.02)
    parser.add_argument("--calm", action="store_true", help="no bad luck, and a clock that stands still")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options)
        return
    print(standin.machine())
    with tempfile.TemporaryDirectory(prefix="cohort-cost-") as temporary, serving(options) as (address, tally):
        folder = Path(temporary)
        (folder / "roster.txt").write_text("\n".join(map(login, range(options.students))))
        _, plan, _, _, _ = run(folder, address, "--dry-run")
        planned = sum(int(number) for number in re.findall(r": (\d+) (?:requests|points|searches) needed", plan))
        code, said, peak, held, seconds = run(folder, address)
        if not (folder / "cohort" / "cohort.json").exists():
            raise SystemExit(f"exit {code}\n{said[-2000:]}")
        rows = json.loads((folder / "cohort" / "cohort.json").read_text("utf-8"))["students"]
        wrong = [row for row in rows if row["state"] != row["key"].rpartition("-invented")[0].rpartition("-")[0]]
        print(f"{options.students} students x {options.repositories} repositories: exit {code}, {seconds:.0f} s")
        print(f"states: {dict(Counter(row['state'] for row in rows))}; wrong: {len(wrong)}")
        for row in wrong[:5]:
            print(f"  {row['key']}: {row['state']}, {row['reason']}")
        print(f"requests: {sent(said)} sent, {planned} planned ({sent(said) / max(1, planned):.3f})")
        per = slope(held) / max(1, options.repositories) * 1000 / MB
        print(f"memory: {per:+.2f} MB per 1,000 repositories; peak of all processes {peak.total / MB:.0f} MB")
        before = (folder / "cohort" / "cohort.json").read_bytes()
        tally()
        code, said, _, _, seconds = run(folder, address)
        print(f"second run: exit {code}, {sent(said)} requests, {seconds:.0f} s")
        for what, amount in tally().items():
            print(f"  {what}: {amount}")
        same = untimed(before) == untimed((folder / "cohort" / "cohort.json").read_bytes())
        print(f"  cohort.json the same but for its times: {same}")


def untimed(content: bytes) -> bytes:
    """The data without the service's clock, which goes on between two runs."""
    return re.sub(rb'"data_time": "[^"]*"', b"", content)


if __name__ == "__main__":
    main()
