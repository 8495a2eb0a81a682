import pandas as pd

from tram_delays.clean import clean, drop_impossible, mark_journeys


def positions(*rows):
    frame = pd.DataFrame(rows, columns=["vehicle", "line", "stop", "seconds_late", "seen_at"])
    return frame.assign(seen_at=pd.to_datetime(frame["seen_at"]))


def test_delays_of_more_than_45_minutes_are_left_out():
    frame = positions(("1", "4", "Mill", 60, "2026-03-01 08:00"), ("1", "4", "Mill", 9000, "2026-03-01 08:01"))
    assert drop_impossible(frame)["seconds_late"].tolist() == [60]


def test_the_last_report_of_a_minute_wins():
    frame = positions(("1", "4", "Mill", 60, "2026-03-01 08:00:05"), ("1", "4", "Mill", 90, "2026-03-01 08:00:50"))
    assert clean(frame)["seconds_late"].tolist() == [90]


def test_a_gap_begins_a_new_journey():
    frame = positions(("1", "4", "Mill", 0, "2026-03-01 08:00"), ("1", "4", "Mill", 0, "2026-03-01 09:00"))
    marked = mark_journeys(frame.assign(minute=frame["seen_at"]))
    assert marked["journey"].nunique() == 2
