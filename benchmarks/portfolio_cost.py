"""What reading a whole portfolio costs: CPU seconds for all facts of 30 real repositories, cold.

    python benchmarks/portfolio_cost.py FOLDER [--repositories 30] [--megabytes 15] [--seed 1] [--runs 3] [--list]

FOLDER holds clones, bare or not, called OWNER+NAME. By a fixed seed as many are chosen as asked for, whose own code
(neither vendored nor generated; of notebooks the code cells) is as near as possible to so many MB in all. Each becomes
an archive as the service would send it, and all are read in fresh reading processes: the figure is the CPU time of
these children, user and system, from their start to the last fact. The table is a second reading in this process: what
each fact costs by itself, and in a row of its own every reading that several facts share.
"""

import argparse
import gzip
import io
import os
import platform
import random
import resource
import statistics
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, TypeVar

from gunzip_to_facts import all_kinds
from labelled import _blobs as blobs
from labelled import _git as git
from labelled import git_directory

from portfolio_audit.archive.reading import read_archive
from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.code_size import NOTEBOOK
from portfolio_audit.facts.fact import TreeFact, read_facts
from portfolio_audit.facts.notebooks import notebooks
from portfolio_audit.facts.tutorial_index import shipped
from portfolio_audit.tree import CODE_LIMIT, SourceTree
from portfolio_audit.workers import Workers

T = TypeVar("T")
MB = 1_000_000
LARGEST_BLOB = 4 * MB
LARGEST_REPOSITORY = 30 * MB
SWAPS = 20_000
LOOP = 10_000_000
Kinds = tuple[type[TreeFact], ...]


class Clone(NamedTuple):
    """A clone with the bytes of own code that its listing shows (notebooks not counted)."""

    name: str
    directory: Path
    code: int


def clones(folder: Path) -> Iterator[Clone]:
    """Every clone that has own code and at most 30 MB in all; the well-known tutorials are nobody's portfolio."""
    for path in sorted(folder.iterdir()):
        name = path.name.replace("+", "/", 1)
        directory = git_directory(folder, name)
        if directory is None or name in shipped().origins:
            continue
        code = whole = 0
        for entry in git(directory, "ls-tree", "-r", "-z", "-l", "--full-tree", "HEAD").split(b"\0"):
            meta, _, raw = entry.partition(b"\t")
            size = meta.decode().split()[-1] if meta else "-"
            path_ = raw.decode("utf-8", "replace")
            whole += int(size) if size.isdigit() else 0
            if size.isdigit() and int(size) <= CODE_LIMIT and paths.is_own(path_):
                code += int(size) if paths.language(path_) not in (None, NOTEBOOK) else 0
        if code and whole <= LARGEST_REPOSITORY:
            yield Clone(name, directory, code)


def choose(found: list[Clone], count: int, wanted: int, seed: int) -> list[Clone]:
    """So many clones whose code adds up to about `wanted` bytes: a random draw, then swaps that come nearer."""
    chance = random.Random(seed)
    drawn = [clone for clone in found if 4000 < clone.code < wanted / 4]
    chance.shuffle(drawn)
    chosen, rest = drawn[:count], drawn[count:]
    total = sum(clone.code for clone in chosen)
    for _ in range(SWAPS if rest else 0):
        at, other = chance.randrange(len(chosen)), chance.randrange(len(rest))
        changed = total - chosen[at].code + rest[other].code
        if abs(changed - wanted) < abs(total - wanted):
            chosen[at], rest[other], total = rest[other], chosen[at], changed
    return sorted(chosen)


def archive(clone: Clone) -> bytes:
    """The commit at HEAD as a gzipped tar, without blobs that the clone lacks and above 4 MB."""
    entries = []
    for entry in git(clone.directory, "ls-tree", "-r", "-z", "-l", "--full-tree", "HEAD").split(b"\0"):
        meta, _, raw = entry.partition(b"\t")
        words = meta.decode().split()
        if len(words) == 4 and words[1] == "blob" and words[3].isdigit() and int(words[3]) <= LARGEST_BLOB:
            entries.append((words[2], raw.decode("utf-8", "replace"), words[0]))
    contents = blobs(clone.directory, {oid for oid, _, _ in entries}, contents=True)
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for oid, path, mode in entries:
            if oid in contents and mode != "120000":
                member = tarfile.TarInfo(f"head/{path}")
                member.size, member.mode = contents[oid][0], 0o755 if mode == "100755" else 0o644
                tar.addfile(member, io.BytesIO(contents[oid][1]))
    return gzip.compress(made.getvalue(), 6, mtime=0)


def cold(files: list[Path], kinds: Kinds) -> float:
    """CPU seconds of fresh reading processes for all archives."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with Workers(count=2) as workers, ThreadPoolExecutor(2) as threads:

        def read(file: Path) -> dict[str, str]:
            try:
                return workers.read_archive(file.read_bytes(), kinds, expected=None).failed
            except Unavailable as unavailable:
                return {"": unavailable.reason}

        for failed in threads.map(read, files):
            if failed:
                print("  not read:", *failed.values())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def loop() -> float:
    """CPU seconds of a fixed loop: what a machine that others use too was worth before and after a run."""
    started = time.process_time()
    sum(number & 7 for number in range(LOOP))
    return time.process_time() - started


class Timed(SourceTree):
    """A tree that notes what each shared reading costs by itself."""

    spent: dict[str, float]
    inside: list[float]

    def derive(self, reading: Callable[[SourceTree], T]) -> T:
        if reading in self._derived:
            return super().derive(reading)
        self.inside.append(0.0)
        started = time.process_time()
        made = super().derive(reading)
        taken = time.process_time() - started
        own = taken - self.inside.pop()
        self.inside[-1] += taken
        name = f"({reading.__module__.rpartition('.')[2]}.{reading.__name__})"
        self.spent[name] = self.spent.get(name, 0.0) + own
        return made


def each(files: list[Path], kinds: Kinds) -> tuple[dict[str, float], int, int]:
    """CPU seconds by fact and shared reading; bytes of own code in files, and in notebooks."""
    spent: dict[str, float] = {}
    written = cells = 0
    for file in files:
        content = file.read_bytes()
        started = time.process_time()
        read = read_archive(content[at : at + 65_536] for at in range(0, len(content), 65_536))
        spent["(archive to files)"] = spent.get("(archive to files)", 0.0) + time.process_time() - started
        tree = Timed(read.files, read.contents, oid=read.oid, unread=read.unread)
        tree.spent, tree.inside = spent, [0.0]
        for kind in kinds:
            tree.inside = [0.0]
            started = time.process_time()
            read_facts(tree, (kind,))
            own = time.process_time() - started - tree.inside[0]
            spent[kind.__name__] = spent.get(kind.__name__, 0.0) + own
        written += sum(
            each.size
            for each in tree.derive(paths.own_files)
            if each.size <= CODE_LIMIT and paths.language(each.path) not in (None, NOTEBOOK)
        )
        cells += sum(len(cell.source) for note in tree.derive(notebooks).notebooks for cell in note.cells if cell.code)
    return spent, written, cells


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repositories", type=int, default=30)
    parser.add_argument("--megabytes", type=float, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--list", action="store_true", help="name what was chosen")
    options = parser.parse_args()
    chosen = choose(list(clones(options.folder)), options.repositories, int(options.megabytes * MB), options.seed)
    if not chosen:
        raise SystemExit("no clones with code there")
    kinds = all_kinds()
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, {os.cpu_count()} CPUs"
    )
    with tempfile.TemporaryDirectory(prefix="portfolio-cost-") as temporary:
        files = []
        for number, clone in enumerate(chosen):
            if options.list:
                print(f"  {clone.code / MB:6.2f} MB {clone.name}")
            files.append(Path(temporary) / f"{number}.tar.gz")
            files[-1].write_bytes(archive(clone))
        runs, loops = [], [loop()]
        for _ in range(options.runs):
            runs.append(cold(files, kinds))
            loops.append(loop())
        spent, written, cells = each(files, kinds)
        packed = sum(file.stat().st_size for file in files)
    print(f"{len(chosen)} repositories, {packed / MB:.1f} MB packed, own code {(written + cells) / MB:.1f} MB")
    print(f"({cells / MB:.1f} MB of it in notebooks), {len(kinds)} facts")
    print(f"cold, in processes: median {statistics.median(runs):.2f} CPU s", [round(run, 2) for run in runs])
    print("speed of the machine meanwhile, CPU s of a fixed loop:", [round(each, 3) for each in loops])
    for name, seconds in sorted(spent.items(), key=lambda pair: -pair[1]):
        if seconds >= 0.01:
            print(f"  {name:36} {seconds:6.3f} s")
    print(f"  {'sum in this process':36} {sum(spent.values()):6.3f} s")


if __name__ == "__main__":
    main()
