"""The house: which room may use which, and how large a room may grow. docs/architecture.md draws the same floors."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
LARGEST = 300
LARGEST_CHECK = 30

ROSTER = ("roster", "roster_cells", "roster_csv", "roster_login", "roster_roles")
JOURNAL = ("journal", "journal_file", "private_file")
WORKERS = (
    "workers",
    "worker_child",
    "worker_folder",
    "worker_fork",
    "worker_nursery",
    "worker_process",
    "worker_sample",
    "worker_wire",
)
FLOORS = (
    ("snapshot", "tree", "errors"),
    ("facts", "archive", "sources", "rubric", "config"),
    ("api",),
    ("checks",),
    ("audit", "discovery", "store", "store_file", *JOURNAL, "confinement", *ROSTER, *WORKERS),
    ("arithmetic", "listing", "choice", "ledger", "board", "judgement", "gains", "scoring", "testing"),
    ("report", "report_templates"),
    ("cli", "__main__"),
)  # fmt: skip
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
VAGUE = frozenset(("utils", "util", "helpers", "helper", "manager", "base", "common", "misc"))


class Import(NamedTuple):
    target: str
    names: tuple[str, ...]
    late: bool


class Module(NamedTuple):
    name: str
    path: Path
    tree: ast.Module
    lines: int

    @property
    def room(self) -> str:
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else "portfolio_audit"

    def imports(self) -> Iterator[Import]:
        """Every import, save those that only a type checker sees; `late` are those inside functions."""
        waiting: list[tuple[ast.AST, bool]] = [(self.tree, False)]
        while waiting:
            node, late = waiting.pop()
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                    continue
                if isinstance(child, ast.Import):
                    yield from (Import(alias.name, (), late) for alias in child.names)
                elif isinstance(child, ast.ImportFrom):
                    assert child.level == 0, f"{self.name} uses a relative import"
                    yield Import(child.module or "", tuple(alias.name for alias in child.names), late)
                waiting.append((child, late or isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef))))


def _modules() -> Iterator[Module]:
    for folder, package in (
        (ROOT / "portfolio_audit", "portfolio_audit"),
        (ROOT / "checks", "portfolio_audit.checks"),
        (ROOT / "report_templates", "portfolio_audit.report_templates"),
    ):
        for path in sorted(folder.rglob("*.py")):
            inside = path.relative_to(folder).with_suffix("").parts
            if inside[0] == "data":
                continue  # invented repositories that the demonstration audits: no part of the program
            parts = inside[:-1] if inside[-1] == "__init__" else inside
            text = path.read_text(encoding="utf-8")
            yield Module(".".join((package, *parts)), path, ast.parse(text), text.count("\n"))


MODULES = {module.name: module for module in _modules()}


def targets(module: Module) -> Iterator[tuple[str, bool]]:
    """The modules of the house that a module imports, each with whether that happens late."""
    for each in module.imports():
        if each.target == "portfolio_audit" or each.target.startswith("portfolio_audit."):
            inner = [f"{each.target}.{name}" for name in each.names]
            found = [name for name in inner if name in MODULES]
            yield from ((name, each.late) for name in found)
            if len(found) < len(each.names) or not each.names:
                yield each.target, each.late


def room_of(name: str) -> str:
    return MODULES[name].room


def test_every_room_stands_on_a_floor() -> None:
    assert {module.room for module in MODULES.values()} - {"portfolio_audit"} == set(FLOOR)


def test_imports_lead_down_or_stay_on_the_floor() -> None:
    for module in MODULES.values():
        if module.room == "portfolio_audit":
            continue
        for target, _ in targets(module):
            if target != "portfolio_audit":
                assert FLOOR[room_of(target)] <= FLOOR[module.room], f"{module.name} imports {target}"


def test_nobody_imports_a_check() -> None:
    for module in MODULES.values():
        for target, _ in targets(module):
            assert not target.startswith("portfolio_audit.checks"), f"{module.name} imports {target}"


def test_checks_use_the_api_and_facts_alone() -> None:
    for module in MODULES.values():
        if module.room != "checks":
            continue
        for each in module.imports():
            top = each.target.partition(".")[0]
            if top == "portfolio_audit":
                assert each.target == "portfolio_audit.api" or each.target.startswith("portfolio_audit.facts."), each
            else:
                assert top in ("collections", "types", "typing", "re", "math", "itertools", "functools"), each


def test_only_the_command_line_knows_sources() -> None:
    for module in MODULES.values():
        for target, late in targets(module):
            if target.startswith("portfolio_audit.sources") and module.room not in ("sources", "cli", "__main__"):
                allowed = (
                    module.room in ("workers", "worker_child") and target == "portfolio_audit.sources.local" and late
                )
                assert allowed, f"{module.name} imports {target}"


def test_facts_know_neither_archives_nor_rubrics() -> None:
    for module in MODULES.values():
        if module.room == "facts":
            rooms = {room_of(target) for target, _ in targets(module)}
            assert rooms <= {"facts", "snapshot", "tree", "errors"}, f"{module.name} uses {rooms}"


def test_no_sibling_uses_a_package_face() -> None:
    for module in MODULES.values():
        for each in module.imports():
            target = MODULES.get(each.target)
            if target is None or target.path.name != "__init__.py":
                continue
            handed_on = [name for name in each.names if f"{each.target}.{name}" not in MODULES]
            assert handed_on in ([], ["__version__"]), f"{module.name} takes {handed_on} from {each.target}"


def test_a_package_face_only_hands_names_on() -> None:
    for module in MODULES.values():
        if module.path.name != "__init__.py":
            continue
        for node in module.tree.body:
            docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            dunder = isinstance(node, ast.Assign) and all(ast.unparse(name).startswith("__") for name in node.targets)
            assert docstring or dunder or isinstance(node, (ast.Import, ast.ImportFrom)), (
                f"{module.name}: {ast.unparse(node)}"
            )


def test_there_are_no_circles() -> None:
    graph = {
        name: {target for target, late in targets(module) if not late and target != "portfolio_audit"}
        for name, module in MODULES.items()
    }
    while graph:
        free = [name for name, needed in graph.items() if not needed & graph.keys() - {name}]
        assert free, f"these import each other in a circle: {sorted(graph)}"
        for name in free:
            del graph[name]


def test_no_room_grows_beyond_its_walls() -> None:
    for module in MODULES.values():
        assert module.lines <= LARGEST, f"{module.name} has {module.lines} lines"


def test_the_usual_room_is_small() -> None:
    assert median(module.lines for module in MODULES.values() if module.path.name != "__init__.py") <= 150


def test_a_check_is_read_at_a_glance() -> None:
    for module in MODULES.values():
        if module.room == "checks":
            for node in module.tree.body:
                if isinstance(node, ast.FunctionDef):
                    assert (node.end_lineno or 0) - node.lineno < LARGEST_CHECK, node.name


def test_modules_are_nouns_with_a_reason() -> None:
    for module in MODULES.values():
        assert not set(module.name.split(".")) & VAGUE, module.name
        assert ast.get_docstring(module.tree), f"{module.name} does not say why it exists"


def test_nothing_lifts_the_limits_that_hostile_input_relies_on() -> None:
    for module in MODULES.values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("sys.setrecursionlimit", "yaml.load", "eval", "exec", "pickle.loads"), (
                    f"{module.name} calls {called}"
                )
