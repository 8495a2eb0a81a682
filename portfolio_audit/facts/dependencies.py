"""Whether what the code imports is asked for, and how firmly, so that another machine can run it.

For Python every import is compared with the manifests; for R and Julia it is told whether there is a manifest; in the
other languages code does not start without one. Nothing is looked up in a registry.
"""

from typing import ClassVar, Literal, Self

from portfolio_audit.facts import paths
from portfolio_audit.facts.ai_imports import imported
from portfolio_audit.facts.declarations import declared_inside
from portfolio_audit.facts.distributions import first_imports, foreign, is_provided, standard, tools, with_brought
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.library import library
from portfolio_audit.facts.lock_files import lock_files, unlocked
from portfolio_audit.facts.manifest_formats import Package, normalise
from portfolio_audit.facts.manifests import Ecosystem, Manifest, read_manifests
from portfolio_audit.facts.other_code import other_sources
from portfolio_audit.facts.own_modules import all_names
from portfolio_audit.facts.python_code import PythonModule, python_code
from portfolio_audit.facts.slips import Missing, failing, meant
from portfolio_audit.facts.test_needs import needs_of_tests
from portfolio_audit.facts.uncommitted import Uncommitted, uncommitted
from portfolio_audit.tree import SourceTree

SHOWN = 6
LEAST_SHARE = 0.25
"""Share of the code files below which Python is no main language of a repository with a manifest of another one."""
_ECOSYSTEMS: dict[str, Ecosystem] = {"Python": "python", "R": "r", "Julia": "julia"}
_LISTS = frozenset("requirements reqs env envs deps".split())
"""Folders of nothing but manifests, which are for the code beside them."""
_ALL = ("",)
_BESIDE = frozenset("benchmark benchmarks bench asv_bench".split())
_BASE_R = frozenset(
    "base stats utils methods graphics grDevices datasets parallel tools grid splines stats4 tcltk".split()
)
_BASE_JULIA = frozenset(
    "Base Core Main Dates LinearAlgebra Random Statistics Printf Test Pkg Distributed DelimitedFiles SparseArrays "
    "Logging REPL Markdown Sockets Serialization Downloads UUIDs InteractiveUtils SharedArrays "
    "Profile TOML Artifacts".split()
)


class Dependencies(TreeFact, frozen=True):
    """What the code of one language needs and what is asked for. None where no code of these languages needs a package.

    `needed` counts the packages that are imported and `names` shows up to six of them, `missing` up to six that nothing
    asks for and `missing_count` all of these; `commanded` are in no manifest either, but a command installs them, and
    `untold` stand in no manifest beside a lock file too large to be read. `asked` counts the packages of the `asking`
    manifests, which come first, and `firm` those whose version is held back or that are `tools` for working on code,
    which need not be; that many of these are open. `inside` is where a notebook, a README, a Dockerfile or a script's
    own header installs them instead, if that is at least half of what is needed, and `installed` how many of these.
    `testing` are packages that nothing asks for either and that tests alone import, up to six `explored` of
    `explored_count` such that only notebooks beside the modules import. `broken` names a manifest that could not be
    read, `empty` one without any text. Nothing `needed` with `incomplete`: the files that would tell were not read;
    with `beside`: Python only stands beside a project of another language, without a manifest of its own. `left_out`
    are modules of its own that code imports and a `.gitignore` keeps away, `failing` packages that are asked for and
    end in an error.
    """

    absent: ClassVar[str] = (
        "no code in Python, R or Julia outside tests and examples needs packages that neither its language nor its "
        "platform brings"
    )
    version: ClassVar[str] = "10"
    language: Literal["Python", "R", "Julia"] = "Python"
    needed: int = 0
    manifests: tuple[str, ...] = ()
    locks: tuple[str, ...] = ()
    asked: int = 0
    firm: int = 0
    missing: tuple[Missing, ...] = ()
    missing_count: int = 0
    inside: Location | None = None
    library: bool = False
    broken: str | None = None
    installed: int = 0
    beside: bool = False
    names: tuple[str, ...] = ()
    commanded: tuple[Missing, ...] = ()
    commanded_count: int = 0
    untold: tuple[str, ...] = ()
    empty: str | None = None
    asking: int = 0
    testing: tuple[str, ...] = ()
    tools: int = 0
    explored: tuple[str, ...] = ()
    explored_count: int = 0
    left_out: tuple[Uncommitted, ...] = ()
    failing: tuple[Missing, ...] = ()

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """The needs of Python code if there is any, else of R, else of Julia."""
        code = tree.derive(python_code)
        unread = f"{len(code.unread)} of {len(code.unread) + len(code.all)} Python files" if code.unread else None
        needed = _imports(tree)
        if needed and _is_beside(tree):
            needed = _imports(tree, _listed_folders(tree))
            if not needed:
                return cls(beside=True)
        if needed:
            return cls._compare("Python", tree, needed, unread)
        if code.unread:
            return cls(unread)
        others: tuple[Literal["R", "Julia"], ...] = ("R", "Julia")
        for language in others:
            needed = _other_imports(tree, language)
            if needed:
                return cls._compare(language, tree, needed, None)
        return None

    @classmethod
    def _compare(
        cls,
        language: Literal["Python", "R", "Julia"],
        tree: SourceTree,
        needed: dict[str, Location],
        unread: str | None,
    ) -> Self:
        manifests = tree.derive(read_manifests)
        serving = [each for each in manifests.files if _serves(each, language)]
        own = sorted(serving, key=lambda each: not each.packages)
        inside, packages = declared_inside(tree)
        asked: dict[str, Package] = {}
        for each in (each for manifest in own for each in manifest.packages):
            if each.name not in asked or not each.firm:
                asked[each.name] = each
        running = [each for name, each in asked.items() if normalise(name) not in tools()]
        firm = sum(each.firm for each in running) + len(asked) - len(running)
        listed, by_command = with_brought({*asked}), with_brought({*packages})
        deeper = _deeper(tree, needed, by_command) if language == "Python" and own else {}
        places = {**needed, **deeper}
        unlisted = [name for name in places if not is_provided(name, listed)] if language == "Python" and own else []
        locks = lock_files(manifests, language)
        lacking, unclear = unlocked(foreign(unlisted, tree), tree, locks) if unlisted else ([], False)
        commanded = [name for name in lacking if is_provided(name, by_command)]
        uncovered = [name for name in lacking if name not in commanded]
        missing, commanded, untold = ([], [], uncovered) if unclear else (uncovered, commanded, [])
        broken = next((each.path for each in own if not each.readable), None)
        explored = _explored(tree, needed, listed | by_command, locks) if language == "Python" and asked else ()
        installed = sum(is_provided(name, by_command) for name in needed) if language == "Python" else len(needed)
        return cls(
            unread,
            language,
            len(needed),
            tuple(each.path for each in own[:SHOWN]),
            locks,
            len(asked),
            firm,
            tuple(Missing(name, places[name], meant(tree, name, asked, missing)) for name in missing[:SHOWN]),
            len(missing),
            inside if 2 * installed >= len(needed) else None,
            tree.derive(library) is not None,
            broken,
            installed,
            False,
            tuple(needed)[:SHOWN],
            tuple(Missing(name, places[name]) for name in commanded[:SHOWN]),
            len(commanded),
            tuple(untold[:SHOWN]),
            next((each.path for each in own if not asked and _is_empty(tree, each.path)), None),
            sum(bool(each.packages) for each in own),
            needs_of_tests(tree, listed | by_command, locks)[:SHOWN] if language == "Python" and asked else (),
            firm - sum(each.firm for each in asked.values()),
            explored[:SHOWN],
            len(explored),
            uncommitted(tree) if language == "Python" else (),
            tuple(failing(own))[:SHOWN] if language == "Python" else (),
        )


def _is_empty(tree: SourceTree, path: str) -> bool:
    file = tree.file(path)
    return file is not None and file.size <= 2 and not tree.head(path).strip()


def _serves(manifest: Manifest, language: str) -> bool:
    """Whether the manifest is for code of that language; an environment of conda may hold the packages of R."""
    if manifest.ecosystem == _ECOSYSTEMS[language]:
        return True
    return language == "R" and any(each.name.startswith("r-") for each in manifest.packages)


def _is_beside(tree: SourceTree) -> bool:
    """Whether Python only helps a project of another language, which has a manifest of its own."""
    languages = [paths.language(file.path) for file in tree.derive(paths.own_files)]
    code = [each for each in languages if each]
    python = sum(each in ("Python", "Jupyter Notebook") for each in code)
    others = any(each.ecosystem not in ("python", "r", "julia") for each in tree.derive(read_manifests).files)
    return others and python < LEAST_SHARE * len(code)


def _listed_folders(tree: SourceTree) -> tuple[str, ...]:
    """The folders, each with its slash, for whose Python code a manifest asks for packages."""
    asking = [each for each in tree.derive(read_manifests).files if each.ecosystem == "python" and each.packages]
    folders = {each.path.rpartition("/")[0] for each in asking}
    above = {each.rpartition("/")[0] if paths.name(each).lower() in _LISTS else each for each in folders}
    return tuple(sorted(f"{each}/" if each else "" for each in above))


def _imports(tree: SourceTree, within: tuple[str, ...] = _ALL) -> dict[str, Location]:
    """The first import of each package that is neither Python's own nor the repository's, in order of files.

    Notebooks count where no module needs a package; those beside a library are its examples. `within` gives the
    folders, each with its slash, that are looked at.
    """
    modules, notebooks = tree.derive(_code) if within == _ALL else _code(tree, within)
    return first_imports(modules, tree) or first_imports(notebooks, tree)


def _code(tree: SourceTree, within: tuple[str, ...] = _ALL) -> tuple[list[PythonModule], list[PythonModule]]:
    """The modules, and the notebooks, whose imports may have to be listed."""
    code = tree.derive(python_code)
    modules = [module for module in code.modules if module.path.startswith(within) and not _is_aside(module.path)]
    if modules and tree.derive(library) is not None:
        return modules, []
    notebooks = [each for each in code.notebooks if each.path.startswith(within)]
    return modules, [each for each in notebooks if not (modules and _is_aside(each.path))]


def _deeper(tree: SourceTree, needed: dict[str, Location], installed: frozenset[str]) -> dict[str, Location]:
    """Packages that are imported within a function or the like, and that a command installs: they are no option."""
    modules = tree.derive(_code)[_is_notebooks(needed)] if installed else []
    packages = {each.package for module in modules for each in module.imports} - needed.keys() - standard()
    if not any(name and is_provided(name, installed) for name in packages):
        return {}
    found = first_imports(modules, tree, "anywhere")
    return {name: place for name, place in found.items() if name not in needed and is_provided(name, installed)}


def _explored(
    tree: SourceTree, needed: dict[str, Location], known: frozenset[str], locks: tuple[str, ...]
) -> tuple[str, ...]:
    """What only notebooks beside the modules import, and nothing asks for or installs."""
    notebooks = [] if _is_notebooks(needed) else tree.derive(_code)[1]
    packages = {each.package for notebook in notebooks for each in notebook.imports} - needed.keys() - standard()
    packages = {name for name in packages if name and not is_provided(name, known)}
    if not packages:
        return ()
    beside = [each for each in notebooks if not packages.isdisjoint(each.packages)]
    lacking = foreign([name for name in first_imports(beside, tree) if name in packages], tree)
    lacking, unclear = unlocked(lacking, tree, locks) if lacking else ([], False)
    return () if unclear else tuple(lacking)


def _is_notebooks(needed: dict[str, Location]) -> bool:
    return all(place.path.endswith(".ipynb") for place in needed.values())


def _is_aside(path: str) -> bool:
    """Whether the file is a test, a benchmark, an example, documentation, a template, or builds the project."""
    if not _BESIDE.isdisjoint(paths.folders(path)):
        return True
    if "{{" in path or paths.name(path) in ("setup.py", "noxfile.py", "conftest.py", "tasks.py", "fabfile.py"):
        return True
    return paths.is_test(path) or paths.is_load_test(path) or paths.is_example(path) or paths.is_documentation(path)


def _other_imports(tree: SourceTree, language: str) -> dict[str, Location]:
    found: dict[str, Location] = {}
    base = _BASE_R if language == "R" else _BASE_JULIA
    own = tree.derive(all_names)
    for source in tree.derive(other_sources):
        if source.language != language or _is_aside(source.path):
            continue
        for name, position in imported(source):
            if name not in base and name not in own and not name.startswith("."):
                found.setdefault(name, Location(source.path, source.text.count("\n", 0, position) + 1))
    return found
