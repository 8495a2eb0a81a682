"""The package as a person has it: built, installed into a folder of its own and compiled, not run from the checkout."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "dist", ".*")


def install(folder: Path) -> dict[str, str]:
    """Install this checkout into `folder`; the environment in which a command started elsewhere uses it.

    Dependencies are those of the running interpreter. Raises CalledProcessError.
    """
    source, target = folder / "source", folder / "installed"
    shutil.copytree(ROOT, source, ignore=LEFT_OUT)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    order = ["pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(target), "."]
    subprocess.run([sys.executable, "-m", *order], cwd=source, env=environment, check=True)
    shutil.rmtree(source)
    return {**environment, "PYTHONPATH": str(target)}
