"""A cohort whose disk is full at one moment after another: what was there stays whole, and the next run mends it.

    mount -t tmpfs -o size=24m tmpfs FOLDER     (or any small file system of its own)
    python benchmarks/cohort_full.py FOLDER [--students 12] [--repositories 2] [--points 10]

A first run fills the output folder; then everybody makes one more repository, so that every file will change. Again and
again the file system is filled up but for a part of what the second run needs: it must end with the exit code of wrong
use and say why. Table, data and index must be those of before, every student's page the old or the new one, whole, and
nothing may lie beside them. At last there is room again: the run ends like one that never met a full disk.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import cohort_cost
import standin
from cohort_kills import files

MOST = 256_000_000
BLOCK, FAULT = 8192, 2


def main() -> None:
    """Fill, run, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--students", type=int, default=12)
    parser.add_argument("--repositories", type=int, default=2)
    parser.add_argument("--points", type=int, default=10)
    options = parser.parse_args()
    options.latency, options.calm = 0.0, True
    if shutil.disk_usage(options.folder).free > MOST:
        raise SystemExit("the folder must lie on a small file system of its own")
    print(standin.machine())
    grown = argparse.Namespace(**{**vars(options), "repositories": options.repositories + 1})
    with (
        tempfile.TemporaryDirectory(prefix="cohort-full-") as temporary,
        cohort_cost.serving(options) as (past, _),
        cohort_cost.serving(grown) as (present, _),
    ):
        work = Path(temporary)
        (work / "roster.txt").write_text("\n".join(map(cohort_cost.login, range(options.students))))
        ballast, output, kept, undisturbed = (
            options.folder / "ballast",
            options.folder / "o",
            work / "o",
            work / "undisturbed" / "o",
        )

        def run(folder: Path, address: dict[str, str], *more: str) -> tuple[int, str]:
            order = [sys.executable, "-m", "portfolio_audit", "cohort", "roster.txt", "-o", str(folder), "--no-probe"]
            order += ["--api-url", address["api"], "--archive-url", address["archive"], "--cache-dir", "cache", *more]
            environment = {**os.environ, "GH_ENTERPRISE_TOKEN": address["token"], "PYTHONPATH": str(standin.ROOT)}
            child = subprocess.run(order, cwd=work, env=environment, capture_output=True, text=True, check=False)
            return child.returncode, child.stderr

        def with_room(left: int) -> tuple[int, str]:
            """How a second run ends with so many bytes left, and what it says."""
            shutil.rmtree(output, ignore_errors=True)
            shutil.copytree(kept, output)
            ballast.write_bytes(b"\0" * max(0, shutil.disk_usage(options.folder).free - left))
            ended = run(output, present, "--fresh")
            ballast.unlink()
            return ended

        first, _ = run(kept, past)
        shutil.copytree(kept, undisturbed)
        other, _ = run(undisturbed, present, "--fresh")
        before, after = files(kept), files(undisturbed)
        size = sum(path.stat().st_size for path in undisturbed.rglob("*") if path.is_file())
        changing = sum(before.get(name) != after[name] for name in after)
        print(
            f"{options.students} students, {len(after)} files, {size:,} bytes with the journal; exits {[first, other]}"
        )
        print(f"of these files {changing} change in the second run")
        low, enough = 0, size
        while enough - low > BLOCK:
            middle = (low + enough) // 2
            low, enough = (middle, enough) if with_room(middle)[0] == FAULT else (low, middle)
        good = 0
        for point in range(options.points):
            left = low * point // max(1, options.points - 1)
            code, said = with_room(left)
            found = files(output)
            torn = sorted(name for name in found if found[name] not in (before.get(name), after.get(name)))
            early = sorted(name for name in before if "/" not in name and found.get(name) != before[name])
            new = sum(found.get(name) == after[name] != before.get(name) for name in after)
            told = "No space left" in said and "Make room" in said and "Traceback" not in said
            good += code == FAULT and told and not torn and not early and before.keys() <= found.keys()
            print(f"  {left:9,} bytes left: exit {code}, torn {torn or 'none'}, pages that are new already {new}")
            print("    " + "\n    ".join(said.strip().splitlines()[-2:]))
        last, _ = run(output, present)
        once = files(output)
        differing = sorted(name for name in {*once, *after} if once.get(name) != after.get(name))
        print(f"{good} of {options.points} left every file whole and said why; the run needs about {enough:,} bytes")
        print(f"with room again: exit {last}, of {len(once)} files differing: {differing or 'none'}")


if __name__ == "__main__":
    main()
