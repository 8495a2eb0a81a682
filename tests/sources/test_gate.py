"""Quotas, pauses and retries, with answers made by hand and a clock that nobody waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import pytest

from portfolio_audit.errors import Interrupted, NetworkFailure, RateLimited
from portfolio_audit.sources.gate import Bucket, Gate, Permits, Trouble
from portfolio_audit.sources.verdict import Answer, blocked, judge, message, one_line, retry_after
from tests.sources.github_setting import Clock, gate

SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
FINE = Answer(200, {}, {"data": {}})


def limited(clock: Clock, seconds: float, status: int = 403, **headers: str) -> Answer:
    told = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(clock.seconds + seconds))}
    return Answer(status, told | headers, {"message": "API rate limit exceeded for user ID 1."})


def secondary(status: int = 403, **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): text for name, text in headers.items()}, {"message": SECONDARY})


def replies(*answers: Answer | Trouble) -> Callable[[], Answer]:
    queue = list(answers)

    def send() -> Answer:
        answer = queue.pop(0)
        if isinstance(answer, Trouble):
            raise answer
        return answer

    return send


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(200, {}, [1]), "final"),
        (Answer(200, {}, {"data": None, "errors": [{"type": "RATE_LIMITED", "message": "x"}]}), "secondary"),
        (Answer(200, {}, {"errors": [{"message": SECONDARY}]}), "secondary"),
        (Answer(200, {}, {"data": {}, "errors": [{"type": "FORBIDDEN", "message": "no"}]}), "final"),
        (Answer(304, {}), "final"),
        (Answer(301, {"location": "x"}), "final"),
        (Answer(401, {}, {"message": "Bad credentials"}), "final"),
        (Answer(403, {}, {"message": "Resource not accessible by integration"}), "final"),
        (Answer(403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9"}, {"message": "quota"}), "primary"),
        (
            Answer(
                403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9"}, {"message": "Resource not accessible"}
            ),
            "final",
        ),
        (Answer(403, {}, {"message": "Repository access blocked", "block": {"reason": "tos"}}), "final"),
        (Answer(403, {"retry-after": "5"}, None), "secondary"),
        (Answer(403, {}, {"message": SECONDARY}), "secondary"),
        (Answer(403, {}, {"message": "API rate limit exceeded for 192.0.2.1."}), "secondary"),
        (Answer(404, {}, {"message": "Not Found"}), "final"),
        (Answer(408, {}), "trouble"),
        (Answer(409, {}, {"message": "Git Repository is empty."}), "final"),
        (Answer(422, {}, {"message": "Validation Failed"}), "final"),
        (Answer(429, {}, None), "secondary"),
        (Answer(429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9"}), "primary"),
        (Answer(429, {"retry-after": "garbage"}), "secondary"),
        (Answer(451, {}, {"block": {"reason": "dmca"}}), "final"),
        (Answer(500, {}), "trouble"),
        (Answer(502, {}, "<html>"), "trouble"),
        (Answer(504, {}), "trouble"),
    ],
)
def test_the_table_of_statuses(answer: Answer, kind: str) -> None:
    assert judge(answer).kind == kind


def test_a_block_is_told_with_its_reason() -> None:
    assert blocked(Answer(451, {}, {"block": {"reason": "dmca"}})) == "blocked (dmca)"
    assert blocked(Answer(403, {}, {"block": {"reason": "tos"}})) == "blocked (tos)"
    assert blocked(Answer(451, {}, None)) == "blocked (legal reasons)"
    assert blocked(Answer(403, {}, {"message": "no"})) is None


def test_foreign_text_becomes_one_short_printable_line() -> None:
    assert one_line("a\r\n\x1b[31mb\0 c") == "a [31mb c"
    assert len(one_line("x" * 5000)) == 160
    assert message(Answer(422, {}, {"errors": [{"message": "second\nline"}]})) == "second line"


def test_retry_after_may_be_a_date() -> None:
    headers = {"retry-after": formatdate(1030, usegmt=True), "date": formatdate(1000, usegmt=True)}
    assert retry_after(Answer(429, headers)) == 30
    assert retry_after(Answer(429, {"retry-after": "0"})) == 1
    assert retry_after(Answer(429, {"retry-after": "-5"})) is None
    assert retry_after(Answer(429, {"retry-after": "soon"})) is None


def test_a_used_up_quota_is_waited_out_and_announced() -> None:
    clock = Clock()
    door = gate(clock)
    answer = door.call("core", replies(limited(clock, 300), FINE), what="x")
    assert answer is FINE
    assert clock.waits == [301]
    assert "core quota is used up" in clock.told[0]
    assert "waiting 301 s" in clock.told[0]
    assert "2026-01-15T12:05:01Z" in clock.told[0]


def test_a_reset_beyond_max_wait_stops_with_the_time_and_the_cure() -> None:
    clock = Clock()
    with pytest.raises(RateLimited) as stop:
        gate(clock, max_wait=60).call("core", replies(limited(clock, 1800)), what="x")
    assert clock.waits == []
    assert stop.value.exit_code == 5
    assert stop.value.reset_at == "2026-01-15T12:30:01Z"
    assert "30 min" in str(stop.value)
    assert "--max-wait" in (stop.value.hint or "")


def test_the_reset_is_reckoned_by_the_clock_of_the_service() -> None:
    clock = Clock()
    ahead = clock.seconds + 7200
    answer = limited(clock, 7200 + 100, date=formatdate(ahead, usegmt=True))
    gate(clock).call("core", replies(answer, FINE), what="x")
    assert clock.waits == [101]


def test_a_reset_in_the_past_costs_a_second_and_not_for_ever() -> None:
    clock = Clock()
    stale = [limited(clock, -100) for _ in range(9)]
    with pytest.raises(RateLimited):
        gate(clock).call("core", replies(*stale), what="x")
    assert clock.waits == [1, 1, 1]


def test_the_last_request_of_a_quota_makes_the_next_one_wait() -> None:
    clock = Clock()
    door = gate(clock)
    last = Answer(200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(clock.seconds + 40))}, {})
    assert door.call("search", replies(last), what="x") is last
    assert clock.waits == []
    door.call("core", replies(FINE), what="x")
    assert clock.waits == []
    door.call("search", replies(FINE), what="x")
    assert clock.waits == [41]


@pytest.mark.parametrize("status", [403, 429, 200])
def test_a_secondary_limit_is_obeyed(status: int) -> None:
    clock = Clock()
    slow = secondary(status, retry_after="17")
    if status == 200:
        slow = slow._replace(body={"errors": [{"message": SECONDARY}]})
    gate(clock).call("graphql", replies(slow, FINE), what="x")
    assert clock.waits == [17]
    assert "slow down" in clock.told[0]


@pytest.mark.parametrize("status", [403, 429])
def test_a_secondary_limit_without_a_time_doubles_from_a_minute_three_times(status: int) -> None:
    clock = Clock()
    with pytest.raises(RateLimited, match="slow down"):
        gate(clock).call("core", replies(*[secondary(status)] * 4), what="x")
    assert clock.waits == [60, 120, 240]


def test_waits_of_one_request_are_bounded_together() -> None:
    clock = Clock()
    with pytest.raises(RateLimited):
        gate(clock, max_wait=150).call("core", replies(*[secondary()] * 3), what="x")
    assert clock.waits == [60]


def test_a_secondary_limit_pauses_all_of_the_api_but_not_the_archive_host() -> None:
    clock = Clock()
    door = gate(clock, max_wait=30)
    with pytest.raises(RateLimited):
        door.call("core", replies(secondary()), what="x")
    door.call("archive", replies(FINE), what="x")
    assert clock.waits == []


def test_the_archive_host_is_left_alone_for_half_an_hour() -> None:
    clock = Clock()
    gate(clock).call("archive", replies(Answer(429, {}), FINE), what="x")
    assert clock.waits == [1800]
    with pytest.raises(RateLimited, match="archive host"):
        gate(clock, max_wait=900).call("archive", replies(Answer(429, {})), what="x")


def test_server_errors_are_tried_three_times_with_jitter() -> None:
    clock = Clock()
    with pytest.raises(NetworkFailure, match=r"listing: answered 503, 3 times") as failure:
        gate(clock).call("core", replies(*[Answer(503, {})] * 3), what="listing")
    assert failure.value.exit_code == 5
    assert clock.waits == [1.0, 2.0]
    assert [line for line in clock.told if "trying again" in line] == clock.told


@pytest.mark.parametrize("chance", [0.0, 0.999])
def test_jitter_is_full_and_bounded(chance: float) -> None:
    clock = Clock()
    gate(clock, chance=chance).call("core", replies(Trouble("reset"), Trouble("reset"), FINE), what="x")
    assert clock.waits == pytest.approx([2 * chance, 4 * chance])


def test_no_wait_allowed_means_no_retry() -> None:
    clock = Clock()
    with pytest.raises(NetworkFailure, match="could not be reached"):
        gate(clock, max_wait=0).call("core", replies(Trouble("could not be reached")), what="x")
    assert clock.waits == []


def test_a_halvable_query_comes_back_instead_of_being_repeated() -> None:
    clock = Clock()
    for status in (502, 504):
        answer = gate(clock).call("graphql", replies(Answer(status, {})), what="x", halvable=True)
        assert answer.status == status
    assert clock.waits == []


def test_requests_are_counted_by_bucket_retries_included() -> None:
    clock = Clock()
    door = gate(clock)
    door.call("core", replies(Answer(503, {}), FINE), what="x")
    door.call("graphql", replies(FINE), what="x")
    assert door.counts == {"core": 2, "graphql": 1}


def test_too_small_a_quota_is_known_before_it_is_spent() -> None:
    clock = Clock()
    door = gate(clock, max_wait=60)
    headers = {"x-ratelimit-remaining": "2", "x-ratelimit-reset": str(int(clock.seconds + 900))}
    door.call("core", replies(Answer(200, headers, {})), what="x")
    door.spare("core", 2)
    door.spare("search", 99)
    with pytest.raises(RateLimited, match="3 more core requests are needed and 2 are left"):
        door.spare("core", 3)


def peak(door: Gate, bucket: Bucket, threads: int) -> int:
    """The most requests of a bucket under way at once, when so many threads ask."""
    lock = threading.Lock()
    now = most = 0
    full = threading.Barrier(4 if bucket != "graphql" else 1)

    def send() -> Answer:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        full.wait(timeout=10)
        with lock:
            now -= 1
        return FINE

    crowd = [threading.Thread(target=lambda: door.call(bucket, send, what="x")) for _ in range(threads)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(timeout=10)
    return most


@pytest.mark.parametrize(("bucket", "most"), [("graphql", 1), ("core", 4), ("archive", 4)])
def test_so_many_are_under_way_at_once(bucket: Bucket, most: int) -> None:
    assert peak(gate(Clock()), bucket, 8) == most


def test_permits_shrink_and_never_vanish() -> None:
    permits = Permits(4)
    for _ in range(5):
        permits.halve()
    with permits.one():
        pass
    taken = threading.Event()

    def second() -> None:
        with permits.one():
            taken.set()

    with permits.one():
        thread = threading.Thread(target=second)
        thread.start()
        assert not taken.wait(timeout=0.05)
    thread.join(timeout=10)
    assert taken.is_set()


def test_a_pause_is_announced_once_for_all_who_wait() -> None:
    clock = Clock()
    door = gate(clock)
    last = Answer(200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(clock.seconds + 40))}, {})
    door.call("core", replies(last), what="x")
    crowd = [threading.Thread(target=lambda: door.call("core", replies(FINE), what="x")) for _ in range(6)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(timeout=10)
    assert len(clock.told) == 1
    assert door.counts["core"] == 7


def test_a_wait_ends_when_the_gate_is_stopped() -> None:
    told, ended = threading.Event(), threading.Event()
    door = Gate(max_wait=3600, tell=lambda _: told.set())

    def wait() -> None:
        with pytest.raises(Interrupted, match="stopped"):
            door.call("core", replies(secondary(retry_after="3000")), what="x")
        ended.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert told.wait(timeout=10)
    door.stop()
    thread.join(timeout=10)
    assert ended.is_set()
    with pytest.raises(Interrupted):
        door.call("core", replies(FINE), what="x")


def test_headers_that_make_no_sense_are_ignored() -> None:
    clock = Clock()
    door = gate(clock)
    odd: list[dict[str, Any]] = [
        {"x-ratelimit-remaining": "many"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1e400"},
        {"date": "yesterday"},
    ]
    for headers in odd:
        assert door.call("core", replies(Answer(200, headers, {})), what="x").status == 200
    assert clock.waits == []


def test_the_quota_of_another_resource_is_not_taken_for_this_one() -> None:
    clock = Clock()
    door = gate(clock)
    headers = {
        "x-ratelimit-resource": "code_search",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(int(clock.seconds + 900)),
    }
    door.call("core", replies(Answer(200, headers, {})), what="x")
    door.call("core", replies(FINE), what="x")
    assert clock.waits == []
    assert door.quotas == {}
