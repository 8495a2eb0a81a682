"""The store: what is kept comes back unchanged or not at all, belongs to its owner, and can be erased."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import msgspec
import pytest

from portfolio_audit.errors import ConfigError
from portfolio_audit.facts.fact import TreeFact, TreeReading
from portfolio_audit.snapshot import Limit
from portfolio_audit.store import DAY, Audit, Store, fact_version
from portfolio_audit.store_file import NAME

TREE = "a" * 40


class Apple(TreeFact, frozen=True):
    version: ClassVar[str] = "1"


class Pear(TreeFact, frozen=True):
    version: ClassVar[str] = "1"


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


READING = TreeReading(
    tree=TREE,
    commit="c" * 40,
    facts={Apple.key(): msgspec.Raw(b'{"incomplete":"canary-text"}')},
    failed={Pear.key(): "too large"},
    limits=(Limit("file-too-large", "a.py", "a.py is large"),),
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(tmp_path / "cache", clock=clock) as opened:
        yield opened


def kept(reading: TreeReading | None) -> dict[str, bytes] | None:
    return None if reading is None else {key: bytes(value) for key, value in reading.facts.items()}


def test_a_reading_comes_back_whole(store: Store) -> None:
    store.keep_reading(READING, (Apple, Pear), login="Sample")
    found = store.reading(TREE, (Apple, Pear))
    assert found is not None
    assert kept(found) == kept(READING)
    assert (found.tree, found.commit, found.failed, found.limits) == (
        READING.tree,
        READING.commit,
        READING.failed,
        READING.limits,
    )


def test_a_reading_that_lacks_one_wanted_fact_is_no_reading(store: Store) -> None:
    store.keep_reading(READING, (Apple,), login="sample")
    assert store.reading(TREE, (Apple,)) is not None
    assert store.reading(TREE, (Apple, Pear)) is None
    assert store.reading("b" * 40, (Apple,)) is None


def test_another_version_of_a_fact_is_another_fact(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.keep_reading(READING, (Apple, Pear), login="sample")
    before = fact_version(Apple)
    monkeypatch.setattr(Apple, "version", "2")
    assert fact_version(Apple) != before
    assert store.reading(TREE, (Apple, Pear)) is None
    store.keep_reading(READING, (Apple, Pear), login="sample")
    assert store.reading(TREE, (Apple, Pear)) is not None


def test_facts_read_under_other_limits_are_not_used(tmp_path: Path) -> None:
    with Store.open(tmp_path / "cache", limits="narrow") as store:
        store.keep_reading(READING, (Apple, Pear))
    with Store.open(tmp_path / "cache", limits="wide") as store:
        assert store.reading(TREE, (Apple, Pear)) is None


@pytest.mark.parametrize("change", [{"cacheable": False}, {"mismatch": True}, {"tree": None}])
def test_a_reading_that_was_cut_short_is_not_kept(store: Store, change: dict[str, object]) -> None:
    store.keep_reading(msgspec.structs.replace(READING, **change), (Apple, Pear))
    assert store.reading(TREE, (Apple, Pear)) is None


def test_it_survives_closing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "cache") as store:
        store.keep_reading(READING, (Apple, Pear))
        store.remember("comparison", "a...b", b"value", login="sample")
    with Store.open(tmp_path / "cache") as store:
        assert kept(store.reading(TREE, (Apple, Pear))) == kept(READING)
        assert store.recall("comparison", "a...b") == b"value"


@pytest.mark.parametrize(
    ("kind", "days", "there"),
    [
        ("pulls", 0.99, True),
        ("pulls", 1.01, False),
        ("probe", 1.01, False),
        ("details", 2.9, True),
        ("details", 3.1, False),
        ("comparison", 4000, True),
        ("something-new", 1.01, False),
    ],
)
def test_each_kind_has_its_lifetime(store: Store, clock: Clock, kind: str, days: float, there: bool) -> None:
    store.remember(kind, "key", b"value", login="sample")
    clock.now += days * DAY
    assert (store.recall(kind, "key") is not None) == there


def test_a_clock_that_went_back_makes_nothing_immortal(store: Store, clock: Clock) -> None:
    store.remember("pulls", "key", b"value", login="sample")
    clock.now -= 5 * DAY
    assert store.recall("pulls", "key") is None


def test_a_new_value_takes_the_place_of_the_old(store: Store, clock: Clock) -> None:
    store.remember("pulls", "key", b"old", login="sample")
    clock.now += 1
    store.remember("pulls", "key", b"new", login="sample")
    assert store.recall("pulls", "key") == b"new"


TAMPERING = [
    "UPDATE fact SET value = x'7b7d' WHERE kind LIKE '%Apple'",
    "UPDATE fact SET failed = 1 - failed",
    "UPDATE fact SET kind = kind || 'x' WHERE kind LIKE '%Apple'",
    "UPDATE fact SET value = x'00' WHERE kind = '@tree'",
    "UPDATE fact SET digest = x'00'",
    "DELETE FROM fact WHERE kind = '@tree'",
]


@pytest.mark.parametrize("statement", TAMPERING)
def test_a_changed_row_is_a_miss_never_another_answer(tmp_path: Path, statement: str) -> None:
    with Store.open(tmp_path) as store:
        store.keep_reading(READING, (Apple, Pear))
        store.remember("comparison", "key", b"value", login="sample")
    database = sqlite3.connect(tmp_path / NAME)
    with database:
        database.execute(statement)
        database.execute("UPDATE memory SET value = x'00'")
    database.close()
    with Store.open(tmp_path) as store:
        assert store.reading(TREE, (Apple, Pear)) is None
        assert store.recall("comparison", "key") is None


def test_bytes_that_rot_anywhere_are_a_miss_or_an_empty_cache(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.keep_reading(READING, (Apple, Pear))
    file = tmp_path / NAME
    whole = file.read_bytes()
    for at in range(0, len(whole), 397):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            with Store.open(tmp_path) as store:
                found = store.reading(TREE, (Apple, Pear))
                assert found is None or (kept(found), found.failed) == (kept(READING), READING.failed)
        except ConfigError:
            assert at < 100


def test_a_truncated_cache_of_ours_is_replaced(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.keep_reading(READING, (Apple, Pear))
    file = tmp_path / NAME
    file.write_bytes(file.read_bytes()[:5000])
    for _ in range(2):
        with Store.open(tmp_path) as store:
            store.keep_reading(READING, (Apple, Pear))
            found = store.reading(TREE, (Apple, Pear))
    assert kept(found) == kept(READING)


def test_damage_within_the_file_costs_speed_only_and_heals(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        for number in range(60):
            store.keep_reading(msgspec.structs.replace(READING, tree=f"{number:040}"), (Apple, Pear), login="sample")
            store.remember("comparison", str(number), b"x" * 500, login="sample")
    file = tmp_path / NAME
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with Store.open(tmp_path) as store:
        assert store.reading(f"{7:040}", (Apple, Pear)) is None
        assert store.recall("comparison", "7") is None
        store.remember("comparison", "7", b"new", login="sample")
        assert store.info()["audits"] == "0"
        with pytest.raises(ConfigError, match="could not be cleared"):
            store.clear("sample")
    with Store.open(tmp_path) as store:
        store.remember("comparison", "7", b"new", login="sample")
        assert store.recall("comparison", "7") == b"new"


def test_a_damaged_cache_is_set_aside_and_nothing_of_it_lost(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Store.open(tmp_path) as store:
        store.remember("comparison", "key", b"value", login="sample")
    file = tmp_path / NAME
    damaged = file.read_bytes()[:5000]
    file.write_bytes(damaged)
    with Store.open_if_usable(tmp_path) as store:
        assert store.recall("comparison", "key") is None
    assert (tmp_path / f"{NAME}.damaged").read_bytes() == damaged
    assert [record.message for record in caplog.records] == [
        f"the cache was damaged: it is set aside as {file}.damaged, and a new one is begun"
    ]
    with Store.open(tmp_path) as store:
        store.clear("somebody")
    assert not (tmp_path / f"{NAME}.damaged").exists()


def unusable(tmp_path: Path, trouble: str) -> sqlite3.Connection | None:
    """Make the cache in this folder unusable; a connection that holds a lock is handed back."""
    file = tmp_path / NAME
    if trouble == "another program's file":
        file.write_bytes(b"my diary, not a cache\n" * 100)
    elif trouble == "another program's database":
        database = sqlite3.connect(file)
        database.execute("CREATE TABLE diary (day TEXT)")
        database.close()
    elif trouble == "a folder in its place":
        file.mkdir()
    elif trouble == "a link":
        file.symlink_to(tmp_path / "elsewhere")
    elif trouble == "locked":
        Store.open(tmp_path).close()
        database = sqlite3.connect(file, isolation_level=None)
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("BEGIN EXCLUSIVE")
        return database
    return None


@pytest.mark.parametrize(
    "trouble",
    ["another program's file", "another program's database", "a folder in its place", "a link", "locked"],
)
def test_an_audit_does_without_a_cache_that_cannot_be_used(
    tmp_path: Path, trouble: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portfolio_audit.store_file._BUSY_MILLISECONDS", 50)
    holder = unusable(tmp_path, trouble)
    file = tmp_path / NAME
    before = file.read_bytes() if file.is_file() else None
    with pytest.raises(ConfigError):
        Store.open(tmp_path)
    with Store.open_if_usable(tmp_path) as store:
        store.keep_reading(READING, (Apple, Pear), login="sample")
        assert kept(store.reading(TREE, (Apple, Pear))) == kept(READING)
        store.remember("pulls", "key", b"value", login="sample")
        assert store.recall("pulls", "key") == b"value"
        store.clear()
    assert len(caplog.records) == 1
    assert "this run does without it" in caplog.text
    assert (file.read_bytes() if file.is_file() else None) == before
    assert not (tmp_path / "elsewhere").exists()
    if holder is not None:
        holder.close()


def test_a_folder_that_is_not_private_is_refused_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(ConfigError, match="others may write"):
        Store.open_if_usable(tmp_path / "open")


def test_trouble_during_a_run_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Store.open(tmp_path) as store:
        sqlite3.connect(tmp_path / NAME).execute("DROP TABLE memory")
        for number in range(20):
            store.remember("pulls", str(number), b"value", login="sample")
            assert store.recall("pulls", str(number)) is None
    assert len(caplog.records) == 1


def test_a_file_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"my diary, not a cache\n" * 100)
    with pytest.raises(ConfigError) as refused:
        Store.open(tmp_path)
    assert "--cache-dir" in (refused.value.hint or "")
    assert (tmp_path / NAME).read_bytes().startswith(b"my diary")
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    database = sqlite3.connect(other / NAME)
    with database:
        database.execute("CREATE TABLE diary (day TEXT)")
    database.close()
    with pytest.raises(ConfigError):
        Store.open(other)


def test_file_and_folder_are_private(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with Store.open(tmp_path / "new" / "cache") as store:
            store.remember("pulls", "key", b"value", login="sample")
            folder = tmp_path / "new" / "cache"
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    finally:
        os.umask(old)


def test_a_link_in_the_way_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(elsewhere)
    with pytest.raises(ConfigError):
        Store.open(tmp_path / "link")
    (elsewhere / NAME).symlink_to(tmp_path / "target")
    with pytest.raises(ConfigError):
        Store.open(elsewhere)
    assert not (tmp_path / "target").exists()


def test_a_folder_that_others_may_write_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(ConfigError, match="others may write"):
        Store.open(tmp_path / "open")


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    with pytest.raises(ConfigError):
        Store.open(tmp_path / "cache")
    with pytest.raises(ConfigError):
        Store.open(tmp_path / "cache" / "below")


def test_history_keeps_one_line_for_one_report(store: Store) -> None:
    first = Audit("sample", "2024-01-01T00:00:00Z", "r1", 50.0, 40.0, 60.0)
    second = Audit("sample", "2024-02-01T00:00:00Z", "r2", None, 0.0, 100.0)
    for audit in (second, first, first):
        store.record_audit(audit)
    assert store.audits("SAMPLE") == (first, second)
    assert store.audits("other") == ()


def fill(store: Store) -> None:
    store.keep_reading(READING, (Apple, Pear), login="Alice")
    store.keep_reading(msgspec.structs.replace(READING, tree="b" * 40), (Apple, Pear), login="bob")
    for login in ("Alice", "bob"):
        store.remember("pulls", login, b"canary-text of " + login.lower().encode(), login=login)
        store.remember("comparison", "shared", b"same", login=login)
        store.record_audit(Audit(login, "2024-01-01T00:00:00Z", "r", 1.0, 1.0, 1.0))


def test_clearing_a_person_erases_all_of_theirs_and_nothing_else(store: Store) -> None:
    fill(store)
    store.clear("ALICE")
    assert store.reading(TREE, (Apple, Pear)) is None
    assert store.recall("pulls", "Alice") is None
    assert store.audits("alice") == ()
    assert store.reading("b" * 40, (Apple, Pear)) is not None
    assert store.recall("pulls", "bob") is not None
    assert store.recall("comparison", "shared") == b"same"
    assert len(store.audits("bob")) == 1


def test_what_was_cleared_is_no_longer_in_the_file(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        fill(store)
        store.clear("alice")
        store.clear("bob")
        assert b"canary-text" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_clearing_everything_leaves_an_empty_cache(store: Store) -> None:
    fill(store)
    store.clear()
    info = store.info()
    assert info["trees with facts"] == info["answers of services"] == info["audits"] == "0"
    store.remember("pulls", "key", b"value", login="sample")
    assert store.recall("pulls", "key") == b"value"


def test_clearing_that_fails_is_said(store: Store) -> None:
    store.close()
    with pytest.raises(ConfigError):
        store.clear("alice")


def test_info_counts_people_and_names_the_file(store: Store, tmp_path: Path) -> None:
    fill(store)
    info = store.info()
    assert info["people"] == "2"
    assert info["trees with facts"] == "2"
    assert str(tmp_path) in info["file"]


def test_two_stores_on_one_file_do_not_lose_each_others_values(tmp_path: Path) -> None:
    with Store.open(tmp_path) as one, Store.open(tmp_path) as two, ThreadPoolExecutor(4) as threads:
        stores = (one, two)
        list(threads.map(lambda n: stores[n % 2].remember("pulls", str(n), b"%d" % n, login="x"), range(80)))
        assert [one.recall("pulls", str(number)) for number in range(80)] == [b"%d" % number for number in range(80)]
