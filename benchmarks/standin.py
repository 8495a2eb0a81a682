"""An invented person on the GitHub stand-in, in a process of its own, so that serving is not measured with the client.

    python benchmarks/standin.py [--repositories 30] [--latency 0.05] [--big-mb 0]

Prints the addresses and the token, then serves until its standard input ends. Answers are not validated here: that is
for tests, and costs more than the answer.
"""

import argparse
import os
import platform
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.ghstub import GitHubStub, Owner, Repo, World  # noqa: E402 - run as a script, the root is not on the path

LOGIN = "ada-invented"


class Address(NamedTuple):
    """Where the stand-in is, and the token it wants."""

    api: str
    archive: str
    token: str


def machine() -> str:
    """The machine in one line, for the head of a table of figures."""
    model = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    except OSError:
        pass
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} cores{load}, {platform.system()}, Python {platform.python_version()}"


def module(name: str, functions: int) -> str:
    """A module of small typed functions with bodies of some variety; the same name gives the same text."""
    dice = random.Random(name)
    parts = [f'"""Invented: {name}."""\n\nimport json\nfrom pathlib import Path\n']
    for number in range(functions):
        a, b = dice.randrange(1000), dice.randrange(1000)
        parts.append(
            f"\n\ndef {name}_{number}(path: Path, rows: list[int]) -> dict[str, int]:\n"
            f'    """Weigh the rows by {a}."""\n'
            f"    known = json.loads(path.read_text()) if path.exists() else {{}}\n"
            f"    for row in rows:\n"
            f"        if row % {a + 1} > {b}:\n"
            f'            known[f"{{row}}-{a}"] = row * {b}\n'
            f"    return known\n"
        )
    return "".join(parts)


def small(number: int) -> Repo:
    """A small project as students have it: a README, some modules, a test; about 25 KB."""
    name = f"project_{number}"
    files = {
        "README.md": f"# Project {number}\n\nWeighs invented rows.\n\n## Run\n\n    python -m src\n",
        "pyproject.toml": f'[project]\nname = "project-{number}"\nversion = "0.1"\ndependencies = ["scikit-learn"]\n',
        ".github/workflows/test.yml": "on: push\njobs:\n  test:\n    steps:\n      - run: pytest\n",
        **{f"src/part_{part}.py": module(f"{name}_{part}", 12) for part in range(6)},
        "tests/test_part.py": "from src.part_0 import x\n\n\ndef test_part() -> None:\n    assert x(1) == 2\n",
    }
    return Repo.from_files(files, owner=LOGIN, name=name.replace("_", "-"), description="An invented project")


def large(megabytes: int) -> Repo:
    """A repository of that many MB of source text, nine tenths of it Python in files of 40 KB, some larger data."""
    files: dict[str, str | bytes] = {"README.md": "# Large\n\nAn invented large project.\n"}
    size, number = 0, 0
    while size < megabytes * 900_000:
        text = module(f"large_{number}", 140)
        files[f"pkg_{number % 50}/part_{number}.py"] = text
        size += len(text)
        number += 1
    dice = random.Random(megabytes)
    for table in range(megabytes // 5):
        rows = "\n".join(f"{row},{dice.random():.6f},{dice.randrange(99)}" for row in range(26_000))
        files[f"data/table_{table}.csv"] = f"id,value,class\n{rows}\n"
    return Repo.from_files(files, owner=LOGIN, name="large", description="An invented large project")


def world(repositories: int, big_mb: int) -> World:
    """That many repositories of one person, the first of them large if `big_mb` is not 0."""
    first = (large(big_mb),) if big_mb else ()
    rest = tuple(small(number) for number in range(repositories - len(first)))
    return World(owners=(Owner(login=LOGIN, name="Ada Invented"),), repositories=(*first, *rest))


@contextmanager
def serving(repositories: int, *, latency: float, big_mb: int = 0) -> Iterator[Address]:
    """The stand-in in a child process, for as long as the block runs."""
    order = [sys.executable, __file__, "--repositories", str(repositories), "--latency", str(latency)]
    with subprocess.Popen(
        [*order, "--big-mb", str(big_mb)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        words = child.stdout.readline().split()
        if len(words) != 3:
            raise RuntimeError("the stand-in did not start")
        try:
            yield Address(*words)
        finally:
            child.stdin.close()
            child.wait(30)


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repositories", type=int, default=30)
    parser.add_argument("--latency", type=float, default=0.05, help="seconds each request waits")
    parser.add_argument("--big-mb", type=int, default=0, help="MB of the first repository, 0 for a small one")
    chosen = parser.parse_args()
    stub = GitHubStub(world(chosen.repositories, chosen.big_mb), latency=chosen.latency, validate=False)
    with stub:
        print(stub.api_url, stub.archive_url, stub.token, flush=True)
        sys.stdin.read()
        stub.violations.clear()


if __name__ == "__main__":
    main()
