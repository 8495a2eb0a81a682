"""What `pip install portfolio-audit` puts on a disk: megabytes and distributions, without extras.

    python benchmarks/install_size.py

Installs this checkout and its dependencies from the configured package registry into a temporary folder. Two sizes are
shown: as installed, with the bytecode that pip compiles, and without it. 1 MB is 1,000,000 bytes of content.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from importlib.metadata import distributions
from pathlib import Path

import installed
import standin

MB = 1_000_000
SHOWN = 12


def sizes(folder: Path) -> tuple[Counter[str], int]:
    """Bytes by top-level name, and the bytes of compiled files among them."""
    found: Counter[str] = Counter()
    compiled = 0
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            size = path.stat().st_size
            top = path.relative_to(folder).parts[0]
            found[re.sub(r"-[\d.]+\.dist-info$", "", top)] += size
            compiled += size if path.suffix == ".pyc" else 0
    return found, compiled


def main() -> None:
    """Install, measure and print."""
    print(standin.machine())
    with tempfile.TemporaryDirectory(prefix="install-") as temporary:
        folder = Path(temporary)
        source, target = folder / "source", folder / "installed"
        shutil.copytree(installed.ROOT, source, ignore=installed.LEFT_OUT)
        order = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--target", str(target)]
        subprocess.run([*order, str(source)], check=True)
        found, compiled = sizes(target)
        total, count = sum(found.values()), len(list(distributions(path=[str(target)])))
    print(f"{total / MB:.1f} MB installed ({(total - compiled) / MB:.1f} MB without bytecode), {count} distributions")
    for name, size in found.most_common(SHOWN):
        print(f"  {size / MB:6.1f} MB  {name}")


if __name__ == "__main__":
    main()
