"""Files in a repository that belong on one machine only: environments, caches, build outputs, records of runs, very
large binaries.

Told by names and sizes alone. What some projects commit on purpose is innocent: shared editor settings, bundles that
are served from the repository, fixtures, small samples of data, a small model that an application loads.
"""

import re
from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from portfolio_audit.facts.fact import TreeFact
from portfolio_audit.facts.paths import name, suffix
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import MIB, File, SourceTree

Kind = Literal["environment", "cache", "editor", "build", "state", "data", "model", "run"]

SHOWN = 3
LARGE = 25 * MIB
"""A file that counts as large: what a browser may upload to GitHub at most; at 50 MiB git itself warns."""
MANY = 50 * MIB
"""Data or models of this size together count as large, whatever the single files are."""

_PACKAGES = frozenset("node_modules bower_components site-packages dist-packages".split())
_CACHES = frozenset(
    "__pycache__ .ipynb_checkpoints .pytest_cache .mypy_cache .ruff_cache .hypothesis .tox .nox .sass-cache "
    "catboost_info .parcel-cache .gradle __macosx".split()
)
_CACHE_NAMES = frozenset(".ds_store thumbs.db desktop.ini .rhistory .rdata .coverage ehthumbs.db".split())
_BUILDS = frozenset("htmlcov .next .nuxt .eggs .terraform .serverless cdk.out".split())
_STATES = (".tfstate", ".tfstate.backup")
# Files of an editor that its maker says are one user's alone; the rest of such a folder may be shared.
_EDITOR = re.compile(
    r"(?:^|/)\.idea/(?:workspace\.xml|usage\.statistics\.xml|tasks\.xml|shelf/.{1,200})$|\.(?:swp|swo)$"
)
_BUILT = re.compile(
    r"(?:^|/)(?:dist/[^/]{1,120}\.(?:whl|tar\.gz)|[^/]{1,80}\.egg-info/[^/]{1,80}|target/(?:debug|classes)/.{1,200}|"
    r"target/(?:compiled|run)/.{1,200}\.sql|target/(?:partial_parse\.msgpack|graph\.gpickle|run_results\.json))$"
)
"""Packages, what compilers write, and what dbt compiles; its manifest may be committed for those who read it."""
_RUN = re.compile(
    r"(?:^|/)(?:mlruns/.{1,200}/(?:meta\.yaml$|(?:tags|params|metrics|artifacts)/)|wandb/(?:offline-)?run-\d|"
    r"lightning_logs/version_\d{1,4}/|events\.out\.tfevents\.\d|"
    r"\.tmp_dagster_home_\w{1,20}/|tmp\w{8}/schedules/schedules\.db$|compute_logs/\w{1,60}\.(?:out|err|complete)$|"
    r"history/runs(?:/[\w-]{1,40})?\.db$|logs/dbt\.log$)"
)
"""What MLflow, Weights & Biases, Lightning, TensorBoard, Dagster and dbt write for each run without a server."""
_MARKS = re.compile(
    r"schedules\.db$|dagster_home|compute_logs/|history/runs|dbt\.log$|mlruns/|wandb/|lightning_logs/|tfevents|\.idea/|\.sw[po]$|dist/|egg-info|target/"
)
_FIXTURES = frozenset("fixtures fixture testdata test_data test-data resources snapshots golden".split())

DATA = frozenset(
    ".csv .tsv .xls .xlsx .json .jsonl .ndjson .parquet .feather .arrow .avro .orc .npy .npz .mat .hdf .sqlite "
    ".sqlite3 .db .zip .gz .bz2 .xz .7z .rar .tar .tgz .txt .dat .data .pickle .arff .sav .dta .rds .rdata .nc "
    ".tfrecord .lmdb .mdb".split()
)
MODELS = frozenset(
    ".pkl .joblib .h5 .hdf5 .keras .pt .pth .onnx .safetensors .ckpt .tflite .pb .bin .gguf .ggml .model .mlmodel .cbm "
    ".sav .weights .caffemodel .params .engine .npz .index .faiss".split()
)


class Leftover(Value, frozen=True):
    """Files of one kind: how many, their bytes together, and up to three of them (the largest of data and models)."""

    kind: Kind
    files: int
    size: int
    paths: tuple[str, ...]

    @property
    def mebibytes(self) -> int:
        """The bytes together in whole MiB."""
        return self.size // MIB


class Leftovers(TreeFact, frozen=True):
    """What was committed and belongs elsewhere, worst first. None for a repository without files."""

    absent: ClassVar[str] = "there are no files"
    version: ClassVar[str] = "4"
    found: tuple[Leftover, ...] = ()
    files: int = 0
    unsized: int = 0

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """The leftovers by kind. Every name is known, and sizes but of files that were missing and are listed as empty.

        `unsized` says how many data and model files these are.
        """
        files = [file for file in tree.files if file.kind in ("file", "executable")]
        if not files:
            return None
        roots = environments(tree)
        groups: dict[Kind, list[File]] = {}
        folders: dict[str, Kind | Literal["fixture", ""]] = {}
        for file in files:
            folder = file.path.rpartition("/")[0]
            if folder not in folders:
                folders[folder] = _of_folder(folder, roots)
            # The state of infrastructure is worse than the cache that it may lie in.
            inside = folders[folder]
            kind = inside if inside and not file.path.endswith(_STATES) else _of_file(file.path)
            if kind and kind != "fixture" and inside != "fixture":
                groups.setdefault(kind, []).append(file)
        # A large model among the records of a run is both.
        taken = {file.path for kind, group in groups.items() if kind != "run" for file in group}
        for kind, large in _large(files, taken):
            groups[kind] = large
        order: tuple[Kind, ...] = ("environment", "state", "model", "data", "build", "cache", "run", "editor")
        found = (_leftover(kind, groups[kind]) for kind in order if kind in groups)
        unsized = [file for file in files if not file.size and file.path in tree.unread]
        return cls(None, tuple(found), len(files), sum(1 for file in unsized if suffix(file.path) in DATA | MODELS))


def environments(tree: SourceTree) -> tuple[str, ...]:
    """Folders that hold a pyvenv.cfg, so are a Python environment whatever they are called. Each ends with a slash."""
    return tuple(file.path.removesuffix("pyvenv.cfg") for file in tree.files if name(file.path) == "pyvenv.cfg")


def _of_folder(folder: str, roots: tuple[str, ...]) -> Kind | Literal["fixture", ""]:
    """What all files of a folder are, going by the folders above; "" if that says nothing."""
    above = frozenset(folder.lower().split("/"))
    if not _FIXTURES.isdisjoint(above):
        return "fixture"
    if not _PACKAGES.isdisjoint(above) or any(root and f"{folder}/".startswith(root) for root in roots):
        return "environment"
    if not _CACHES.isdisjoint(above):
        return "cache"
    return "build" if not _BUILDS.isdisjoint(above) else ""


def _of_file(path: str) -> Kind | None:
    base = path.rpartition("/")[2].lower()
    if base.endswith(_STATES):
        return "state"
    if base in _CACHE_NAMES or base.endswith((".pyc", ".pyo")):
        return "cache"
    if _MARKS.search(path) is None:
        return None
    if _BUILT.search(path):
        return "build"
    if _RUN.search(path):
        return "run"
    return "editor" if _EDITOR.search(path) else None


def _large(files: list[File], taken: set[str]) -> Iterator[tuple[Kind, list[File]]]:
    """Data and models that are too large for a repository, the largest first."""
    kinds: tuple[tuple[Kind, frozenset[str]], ...] = (("model", MODELS), ("data", DATA - MODELS))
    for kind, endings in kinds:
        fitting = [file for file in files if suffix(file.path) in endings and file.path not in taken]
        chosen = [file for file in fitting if file.size >= LARGE]
        if not chosen and sum(file.size for file in fitting) >= MANY:
            chosen = [file for file in fitting if file.size >= MIB]
        if chosen:
            yield kind, sorted(chosen, key=lambda file: (-file.size, file.path))


def _leftover(kind: Kind, files: list[File]) -> Leftover:
    """One path of each folder, so that three paths show three places."""
    first: dict[str, str] = {}
    for file in files:
        first.setdefault(file.path.rpartition("/")[0], file.path)
    paths = tuple(file.path for file in files[:SHOWN]) if kind in ("data", "model") else tuple(first.values())[:SHOWN]
    return Leftover(kind, len(files), sum(file.size for file in files), paths)
