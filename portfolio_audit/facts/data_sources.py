"""Where a repository's data come from besides teaching sets: services, databases, scrapers, buckets, files of its own.

Used to say what a project does rest on, and to keep "only" honest: a classic table beside own data is not all.
"""

from collections.abc import Iterator
from typing import Literal

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.dataset_clues import POINTER, TABULAR, beside, first_row, is_aside
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import KIB, SourceTree

SHOWN = 4
SourceKind = Literal["api", "database", "scraper", "bucket", "stream", "file"]

PACKAGES: dict[str, SourceKind] = {
    **dict.fromkeys(
        """
            yfinance tweepy praw spotipy googleapiclient alpaca_trade_api alpaca ccxt wikipedia wikipediaapi
            pytrends fredapi nba_api openmeteo_requests meteostat osmnx sodapy newsapi arxiv Bio
            pandas_datareader polygon finnhub pybaseball fastf1 ee sentinelhub planetary_computer earthaccess
            lastfm musicbrainzngs pyowm garminconnect stravalib nsepy
        """.split(),
        "api",
    ),
    **dict.fromkeys(
        "psycopg psycopg2 asyncpg pymongo motor MySQLdb mysql pymysql snowflake clickhouse_connect neo4j "
        "clickhouse_driver influxdb influxdb_client cx_Oracle oracledb pyodbc pymssql cassandra pyathena".split(),
        "database",
    ),
    **dict.fromkeys(
        "bs4 scrapy selenium playwright requests_html newspaper trafilatura crawl4ai firecrawl mechanize helium "
        "undetected_chromedriver pyppeteer snscrape instaloader feedparser apify_client".split(),
        "scraper",
    ),
    **dict.fromkeys("boto3 s3fs gcsfs minio adlfs".split(), "bucket"),
    **dict.fromkeys("kafka confluent_kafka aiokafka paho pulsar faust".split(), "stream"),
}
_FETCHES = frozenset(
    "requests.get requests.request httpx.get urllib.request.urlopen urllib.request.urlretrieve urllib2.urlopen".split()
)
_READS = frozenset("read_csv read_json read_parquet read_excel read_html read_table".split())
_ENDINGS = _READS | {each.rpartition(".")[2] for each in _FETCHES}
_HERE = ("//localhost", "//127.", "//0.0.", "//host.docker.internal")
DATA_FILES = frozenset(
    ".csv .tsv .xlsx .xls .parquet .feather .jsonl .ndjson .geojson .arff .sav .dta .npz .h5".split()
)
DERIVED = tuple(
    """
    submission predict result metric output clean process prepared x_train x_test y_train y_test train test valid score
    report log importance feature sample split encoded scaled final model comparison evaluation history params weights
    bias label benchmark
    """.split()
)


class Source(Value, frozen=True):
    """One place data come from: `name` is the package or the file's name."""

    kind: SourceKind
    name: str
    where: Location


def sources_in_code(tree: SourceTree) -> tuple[Source, ...]:
    """The first import of each package that fetches data, outside tests, examples and documentation."""
    found: dict[str, Source] = {}
    for module in tree.derive(python_code).all:
        if is_aside(module.path):
            continue
        for each in module.imports:
            kind = PACKAGES.get(each.package)
            if kind and each.package not in found:
                found[each.package] = Source(
                    kind,
                    each.package,
                    module.place(each.line, note=f"imports {each.package}: data may come from there"),
                )
    return tuple(found.values())


def fetched(tree: SourceTree) -> tuple[Location, ...]:
    """The first call of each file that asks an address of somebody else's for something, outside tests and examples."""
    found = []
    for module in tree.derive(python_code).all:
        calls = [name for name in module.called if name.rpartition(".")[2] in _ENDINGS]
        if not calls or is_aside(module.path) or b"http" not in module.source:
            continue
        outside = bool(module.strings_of(_is_outside))
        for call in module.calls_of(calls):
            reads = call.name.rpartition(".")[2] in _READS and call.text is not None and _is_outside(call.text)
            if reads or (outside and module.resolve(call.name) in _FETCHES):
                found.append(module.place(call.line, note=f"calls {call.name}()"))
                break
    return tuple(found[:SHOWN])


def _is_outside(text: str) -> bool:
    return text.startswith(("http://", "https://")) and not any(host in text[:40] for host in _HERE)


def own_files(tree: SourceTree, known: set[str], columns: frozenset[str]) -> Iterator[Source]:
    """Data files of some size that neither are (`known` paths) nor derive from a teaching set with these columns.

    Derived means: most readable headings are of that set, or carry its headings as a prefix (encoded columns), or the
    name speaks of a split, a result or a submission.
    """
    for file in tree.derive(paths.own_files):
        if paths.suffix(file.path) not in DATA_FILES or file.path in known or beside(file.path):
            continue
        name = paths.name(file.path)
        if file.size < KIB or any(word in name.lower() for word in DERIVED):
            continue
        if columns and _akin(tree, file.path, columns):
            continue
        yield Source("file", name, Location(file.path, note="data file"))


def _akin(tree: SourceTree, path: str, columns: frozenset[str]) -> bool:
    if paths.suffix(path) not in TABULAR:
        return True
    try:
        head = tree.head(path)
    except Unavailable:
        return True
    cells = () if head.startswith(POINTER) else first_row(head)
    if len(cells) < 2:
        return True
    shared = sum(1 for cell in cells if cell in columns or cell.rpartition("_")[0] in columns)
    return shared * 3 >= min(len(cells), 12)
