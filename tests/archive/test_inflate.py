"""Bounded gunzip: right output for honest bytes, an early end for the others."""

import gzip
import zlib
from collections.abc import Iterator

import pytest

from portfolio_audit.archive.budget import Budget, Stopped
from portfolio_audit.archive.inflate import CHUNK, STREAMS, inflate
from portfolio_audit.tree import MIB

SMALL = Budget(compressed=64 * 1024, expanded=4 * MIB, ratio=100, ratio_from=MIB)


def bomb(size: int) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    return squeeze.compress(bytes(size)) + squeeze.flush()


def cut(content: bytes, step: int = 700) -> list[bytes]:
    return [content[at : at + step] for at in range(0, len(content), step)]


@pytest.mark.parametrize("step", [1, 7, 512, 1 << 20])
def test_gives_back_what_was_compressed_however_the_bytes_arrive(step: int) -> None:
    content = bytes(range(256)) * 40
    assert b"".join(inflate(cut(gzip.compress(content), step), SMALL)) == content


def test_joins_concatenated_streams_and_ignores_zero_padding() -> None:
    content = gzip.compress(b"one") + gzip.compress(b"two") + bytes(100)
    assert b"".join(inflate([content], SMALL)) == b"onetwo"


def test_pieces_are_never_larger_than_a_chunk_even_if_the_input_is() -> None:
    assert max(map(len, inflate([bomb(3 * CHUNK)], Budget()))) <= CHUNK


def outcome(chunks: list[bytes], budget: Budget = SMALL) -> tuple[str, int]:
    """Why reading stopped, and how many bytes had come out by then."""
    given = 0
    try:
        for piece in inflate(chunks, budget):
            given += len(piece)
    except Stopped as stopped:
        return stopped.what, given
    return "finished", given


def test_stops_at_the_ceiling_of_expanded_bytes() -> None:
    budget = Budget(expanded=MIB, ratio_from=64 * MIB)
    what, given = outcome([bomb(30 * MIB)], budget)
    assert what == "archive-too-large"
    assert given <= MIB


def test_stops_when_expansion_is_out_of_proportion() -> None:
    what, given = outcome([bomb(3 * MIB)])
    assert what == "archive-bomb"
    assert given <= MIB + CHUNK


def test_a_bomb_split_over_streams_is_still_one_bomb() -> None:
    assert outcome([bomb(MIB) * 3])[0] == "archive-bomb"


def test_stops_at_the_ceiling_of_compressed_bytes_without_reading_on() -> None:
    def endless() -> Iterator[bytes]:
        yield gzip.compress(b"start")[:-8]
        while True:
            yield bytes(40 * 1024)

    with pytest.raises(Stopped) as stopped:
        list(inflate(endless(), SMALL))
    assert stopped.value.what in ("archive-too-large", "archive-corrupt")


def test_thousands_of_empty_streams_are_refused() -> None:
    assert outcome([gzip.compress(b"") * (STREAMS + 1)])[0] == "archive-corrupt"


@pytest.mark.parametrize("content", [b"<!DOCTYPE html><html>", b"PK\x03\x04", b"\x1f\x8b\x08\xff", b"\x1f"])
def test_what_is_no_gzip_is_named(content: bytes) -> None:
    assert outcome([content])[0] in ("archive-corrupt", "archive-truncated")


def test_nothing_is_truncated_not_empty() -> None:
    assert outcome([])[0] == "archive-truncated"
    assert outcome([b""])[0] == "archive-truncated"


def test_every_cut_and_every_flipped_checksum_is_noticed() -> None:
    whole = gzip.compress(bytes(range(256)) * 20)
    for end in range(len(whole)):
        assert outcome([whole[:end]])[0] == "archive-truncated"
    for at in range(len(whole) - 8, len(whole)):
        assert outcome([whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]])[0] == "archive-corrupt"
