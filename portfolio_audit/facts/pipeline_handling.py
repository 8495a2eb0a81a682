"""What a script does with data, by what it and the own modules that it calls something of call.

A short script often leaves its work to a module that lies elsewhere, so its own calls alone say too little.
"""

from collections.abc import Iterable

from portfolio_audit.facts.pipeline_words import Stage, stages_of_name, stages_of_path, words_of
from portfolio_audit.facts.python_code import Import, PythonModule
from portfolio_audit.snapshot import Value

IMPORTED = 20
"""Own modules of one script that are looked at."""
_FETCHING = frozenset("requests httpx aiohttp urllib3 scrapy bs4 selenium playwright".split())
_SAVING = frozenset("write writelines write_bytes write_text copyfileobj dump".split())
_TABLES = frozenset("pandas polars pyspark dask geopandas datasets duckdb sqlite3 sqlalchemy".split())


class Handling(Value, frozen=True):
    """Whether code reads data, writes data, and works on them."""

    reads: bool
    writes: bool
    works: bool

    @property
    def any(self) -> bool:
        """Whether it handles data at all."""
        return self.reads or self.writes or self.works


def handling(module: PythonModule) -> Handling:
    """What a module itself does with data."""
    called = {name.rpartition(".")[2] for name in module.called}
    fetches = bool(called & {"get", "post"}) and not module.packages.isdisjoint(_FETCHING)
    reads = fetches or not called.isdisjoint(words_of("writes", "reads") | words_of("calls", "ingest"))
    works = called & (words_of("calls", "clean") | words_of("calls", "features"))
    tables = not module.packages.isdisjoint(_TABLES)
    saves = fetches and not called.isdisjoint(_SAVING)
    return Handling(reads, saves or not called.isdisjoint(words_of("writes", "calls")), bool(works) or tables)


def imported(
    module: PythonModule, named: dict[str, list[PythonModule]], stages: tuple[Stage, ...]
) -> tuple[PythonModule, ...]:
    """The own modules that a script of these stages leaves its work to, at most `IMPORTED`. `named` is of `by_name`.

    It calls something of them, and they or what it calls are named for one of the stages: others may do anything.
    """
    called = {name.partition(".")[0] for name in module.called}
    own: dict[str, PythonModule] = {}
    for each in module.imports:
        if (each.alias or each.name or each.module) not in called or (source := source_of(each, named)) is None:
            continue
        if {*stages_of_path(source.path), *stages_of_name(each.name or "")}.intersection(stages):
            own[source.path] = source
    return tuple(own.values())[:IMPORTED]


def together(found: Iterable[Handling]) -> Handling:
    """What several modules do together."""
    each = tuple(found)
    return Handling(any(one.reads for one in each), any(one.writes for one in each), any(one.works for one in each))


def brings(module: PythonModule) -> bool:
    """Whether the code gets data from somewhere or makes them up."""
    return handling(module).reads or not module.packages.isdisjoint(words_of("queues", "brings"))


def reads_table(module: PythonModule) -> bool:
    """Whether it reads a table from a file or a database."""
    return any(name.rpartition(".")[2] in words_of("writes", "tables") for name in module.called)


def stores(module: PythonModule) -> bool:
    """Whether it puts data into a store by a call that does so."""
    stored = words_of("calls", "warehouse") | words_of("queues", "stores")
    return any(name.rpartition(".")[2] in stored for name in module.called)


def by_name(modules: Iterable[PythonModule]) -> dict[str, list[PythonModule]]:
    """Modules by the last part of their dotted names."""
    named: dict[str, list[PythonModule]] = {}
    for module in modules:
        named.setdefault(_dotted(module.path)[-1], []).append(module)
    return named


def source_of(each: Import, named: dict[str, list[PythonModule]]) -> PythonModule | None:
    """The own module that an import is of: the last parts of the module's name are those of its path."""
    parts = [part for part in each.module.split(".") if part]
    for wanted in ([*parts, each.name] if each.name else parts, parts):
        for module in named.get(wanted[-1], ()) if wanted else ():
            if _dotted(module.path)[-len(wanted) :] == wanted:
                return module
    return None


def _dotted(path: str) -> list[str]:
    return path.removesuffix(".py").removesuffix("/__init__").split("/")
