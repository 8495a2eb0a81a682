"""What a path alone says: its language, and whether it is vendored, generated, test, example or documentation.

Rules by name only, so they serve listings whose contents were never fetched.
"""

import re
from contextlib import suppress
from functools import lru_cache

from portfolio_audit.errors import Unavailable
from portfolio_audit.tree import File, SourceTree

VENDORED = frozenset(
    "node_modules bower_components vendor vendors third_party third-party thirdparty external site-packages "
    "dist-packages .venv venv .env virtualenv .virtualenv __pypackages__ .tox .nox .git .svn .hg .idea .vscode "
    ".history __pycache__ .ipynb_checkpoints .mypy_cache .pytest_cache .ruff_cache .dvc .terraform .next .nuxt wheels "
    "renv packrat site_libs jspm_packages dbt_packages dbt_modules pods src-noconflict phpmailer ckeditor tinymce "
    "codemirror".split()
)
# Well-known projects that people copy whole into their own; told by their folder's name and the licence in it.
PROJECTS = frozenset(
    "yolov3 yolov4 yolov5 yolov6 yolov7 yolov8 yolov9 yolov10 ultralytics darknet detectron2 mmdetection "
    "mmsegmentation stylegan2 stylegan2-ada stylegan2-ada-pytorch stylegan3 clip taming-transformers gfpgan "
    "esrgan real-esrgan wav2lip insightface llama.cpp whisper.cpp keras-retinanet mask_rcnn segment-anything "
    "groundingdino deep_sort bytetrack fairseq espnet tacotron2 waveglow hifi-gan openpose alphapose "
    "transformers diffusers swagger swagger-ui pybind11 googletest imgui eigen redash superset metabase".split()
)
GENERATED_FOLDERS = frozenset("dist build out target _build _site htmlcov coverage cdk.out .docusaurus .cache".split())
GENERATED_NAMES = (
    "_pb2.py",
    "_pb2_grpc.py",
    ".min.js",
    ".min.css",
    ".bundle.js",
    ".g.dart",
    ".pb.go",
    "-lock.json",
)
# Libraries that are copied into web projects under their own names, and what documentation tools put beside pages.
LIBRARY_NAMES = frozenset(
    "jquery jquery.slim jquery-ui bootstrap.bundle underscore modernizr materialize nouislider codemirror searchtools "
    "language_data doctools websupport".split()
)
TESTS = frozenset("test tests testing __tests__ spec specs e2e cypress".split())
EXAMPLES = frozenset("example examples sample samples demo demos tutorial tutorials notebooks_examples".split())
DOCUMENTATION = frozenset("doc docs documentation site website _posts posts blog".split())

PIPELINE_NAMES = frozenset(
    "snakefile dvc.yaml dbt_project.yml schema.yml sources.yml pipeline.yml pipeline.yaml mlproject prefect.yaml "
    "catalog.yml nextflow.config".split()
)

_RELEASE = re.compile(
    r"(?!(?:chapter|section|lesson|week|day|exercise|part|step|task|unit|lab|lecture|module|version|problem|project|"
    r"experiment|run|model|results?|data|output|checkpoint|homework|hw|exp?)s?[-_])[a-z][\w+]*+(?:-[a-z]\w*+)*-v?\d++\.\d++\.\d++"
    r"(?:[.-][\w.-]*+)?"
)
"""A folder within another that is called as a release is: "pybind11-2.13.6". Of 1,085 public repositories ten have one
outside of committed environments, all of them somebody else's."""
_VERSION = re.compile(r"[-.]\d[\d.]*+$")

LANGUAGES = {
    ".py": "Python", ".pyw": "Python", ".ipynb": "Jupyter Notebook", ".r": "R", ".rmd": "R", ".qmd": "R",
    ".jl": "Julia", ".js": "JavaScript", ".jsx": "JavaScript", ".mjs": "JavaScript", ".cjs": "JavaScript",
    ".vue": "JavaScript", ".svelte": "JavaScript", ".ts": "TypeScript", ".tsx": "TypeScript", ".mts": "TypeScript",
    ".go": "Go", ".rs": "Rust", ".java": "Java", ".kt": "Kotlin", ".kts": "Kotlin", ".scala": "Scala", ".c": "C",
    ".h": "C", ".cc": "C++", ".cpp": "C++", ".hpp": "C++", ".cu": "C++", ".cs": "C#", ".rb": "Ruby", ".php": "PHP",
    ".swift": "Swift", ".m": "MATLAB", ".sh": "Shell", ".bash": "Shell", ".bats": "Shell", ".sql": "SQL", ".lua": "Lua",
    ".dart": "Dart", ".ex": "Elixir", ".exs": "Elixir", ".hs": "Haskell", ".ml": "OCaml", ".clj": "Clojure",
    ".pl": "Perl",
}  # fmt: skip


@lru_cache(maxsize=65536)
def suffix(path: str) -> str:
    """The lower-case file ending with its dot, or an empty string."""
    name = path.rpartition("/")[2].lower()
    dot = name.rfind(".")
    return name[dot:] if dot > 0 else ""


def name(path: str) -> str:
    """The file's name without folders."""
    return path.rpartition("/")[2]


@lru_cache(maxsize=65536)
def language(path: str) -> str | None:
    """The programming language that the ending stands for, or None."""
    return LANGUAGES.get(suffix(path))


def folders(path: str) -> tuple[str, ...]:
    """The folders above a file, lower case, outermost first."""
    return _parts(path.rpartition("/")[0])


@lru_cache(maxsize=16_384)
def _parts(folder: str) -> tuple[str, ...]:
    return tuple(folder.lower().split("/")) if folder else ()


@lru_cache(maxsize=16_384)
def _named(folder: str, names: frozenset[str]) -> bool:
    """Whether the folder or one above it has one of these names; asked once for all the files in it."""
    return not names.isdisjoint(_parts(folder))


@lru_cache(maxsize=16_384)
def _holds_others(folder: str) -> bool:
    above = _parts(folder)
    return any(
        (part in VENDORED and not (part == "external" and "data" in above))
        or part.endswith((".egg-info", ".dist-info"))
        for part in above
    ) or any(_RELEASE.fullmatch(part) for part in above[1:])


def is_vendored(path: str) -> bool:
    """Whether the file is somebody else's: a package folder, a committed environment, a copied library or a release of
    one, a cache.

    A folder `external` under `data` is the owner's input, as a common project template has it.
    """
    return _holds_others(path.rpartition("/")[0]) or is_library(path)


def is_library(path: str) -> bool:
    """Whether the file's name, without a version, is that of a library copied into many projects."""
    if not path.endswith(("js", "JS", "jS", "Js")):
        return False
    stem, _, ending = name(path).lower().rpartition(".")
    return ending == "js" and _VERSION.sub("", stem) in LIBRARY_NAMES


def is_generated(path: str) -> bool:
    """Whether a program wrote the file: build output, bundles, protocol stubs, lock files."""
    return path.lower().endswith(GENERATED_NAMES) or _named(path.rpartition("/")[0], GENERATED_FOLDERS)


def is_load_test(path: str) -> bool:
    """Whether Locust takes the file by its name: what it imports is needed by whoever tries the load, not to run."""
    file = name(path).lower()
    return file.startswith("locustfile") and file.endswith(".py")


def is_test_by_name_alone(path: str) -> bool:
    """Whether a file is called as a test and no folder above it is; what sets tests up has its name for that."""
    folder, file = path.rpartition("/")[0].lower(), name(path).lower()
    return "test" not in folder and (file.startswith("test_") or file.partition(".")[0] == "test")


@lru_cache(maxsize=65536)
def is_test(path: str) -> bool:
    """Whether the name or a folder looks like a test; a look is no proof that it tests anything."""
    if _named(path.rpartition("/")[0], TESTS):
        return True
    rest = name(path).lower()
    if "test" not in rest and "spec" not in rest and not rest.endswith(".bats"):
        return False
    stem = rest.partition(".")[0]
    return (
        stem.startswith(("test_", "tests_", "teste_", "testes_"))
        or (stem.endswith(("_test", "_tests", "_spec")) and not rest.endswith(".ipynb"))
        or (stem in ("test", "tests", "conftest") and not rest.endswith(".ipynb"))
        or any(mark in rest for mark in (".test.", ".spec.", ".tests."))
        or rest.endswith(".bats")
        or name(path).endswith(("Test.java", "Tests.java", "Test.kt", "Tests.cs", "Test.cs", "Test.php"))
    )


@lru_cache(maxsize=65536)
def is_example(path: str) -> bool:
    """Whether the file lies in a folder of examples or demos."""
    return _named(path.rpartition("/")[0], EXAMPLES)


@lru_cache(maxsize=65536)
def is_documentation(path: str) -> bool:
    """Whether the file lies in a folder of documentation or posts."""
    return _named(path.rpartition("/")[0], DOCUMENTATION)


@lru_cache(maxsize=65536)
def is_own(path: str) -> bool:
    """Whether the file is neither vendored nor generated."""
    return not is_vendored(path) and not is_generated(path)


def own_files(tree: SourceTree) -> tuple[File, ...]:
    """The regular files of the tree that are neither vendored nor generated, in order of their paths.

    Beyond the names, a folder that holds a `pyvenv.cfg` is a committed environment whatever it is called, and one with
    the name of a well-known project and a licence of its own is that project. A chart of Helm below the root that names
    its sources and an icon was published by somebody. Use it as `tree.derive(own_files)`.
    """
    environments = tuple(
        folder + inside
        for folder in (
            file.path.removesuffix("pyvenv.cfg")
            for file in tree.files
            if file.path.endswith("pyvenv.cfg") and name(file.path) == "pyvenv.cfg"
        )
        for inside in ("bin/", "Scripts/", "lib/", "Lib/", "lib64/", "Lib64/", "include/", "Include/", "share/", "etc/")
    )
    copied = tuple(
        file.path.removesuffix(name(file.path))
        for file in tree.files
        if (folders(file.path) or ("",))[-1] in PROJECTS and name(file.path).lower().startswith(("license", "copying"))
    )
    charts = tuple(file.path[: -len("Chart.yaml")] for file in tree.files if _is_published_chart(tree, file))
    foreign = environments + copied + charts
    return tuple(
        file
        for file in tree.files
        if file.kind in ("file", "executable") and is_own(file.path) and not file.path.startswith(foreign)
    )


def _is_published_chart(tree: SourceTree, file: File) -> bool:
    """Whether a file describes a chart that others are meant to find and install; one of one's own needs no icon."""
    if not file.path.endswith("/Chart.yaml"):
        return False
    with suppress(Unavailable):
        said = b"\n" + tree.head(file.path)
        return b"\nicon:" in said and b"\nsources:" in said
    return False


def is_pipeline(path: str) -> bool:
    """Whether the name says that the file defines a pipeline in a notation of its own."""
    ending = suffix(path)
    if ending in (".yml", ".yaml") and folders(path)[-1:] in (("flows",), ("_flows",)):
        return True
    return name(path).lower() in PIPELINE_NAMES or ending in (".smk", ".nf")
