"""Bounded gunzip: no more memory or output than allowed, whatever the bytes claim.

zlib-ng has the interface of zlib and takes a third less time: archives are mostly pictures, which only need inflating.
"""

from collections.abc import Iterable, Iterator

from zlib_ng import zlib_ng

from portfolio_audit.archive.budget import Budget, Stopped
from portfolio_audit.tree import KIB, MIB

CHUNK = 256 * KIB
GZIP = 31
"""zlib's window bits for a gzip wrapper with its checksum verified."""
STREAMS = 256
"""A service sends one gzip stream; thousands of empty ones in a row are there to cost time."""


def inflate(chunks: Iterable[bytes], budget: Budget) -> Iterator[bytes]:
    """The expanded bytes in pieces of at most 256 KiB; concatenated gzip streams count as one.

    Raises Stopped: "archive-corrupt" (no gzip, checksum wrong), "archive-truncated", "archive-too-large",
    "archive-bomb" (expands out of proportion).
    """
    taken = given = streams = 0
    engine = None
    for chunk in chunks:
        taken += len(chunk)
        if taken > budget.compressed:
            raise Stopped("archive-too-large", f"the archive is larger than {budget.compressed // MIB} MiB")
        while chunk:
            if engine is None:
                chunk = chunk.lstrip(b"\0") if streams else chunk
                if not chunk:
                    break
                streams += 1
                if streams > STREAMS:
                    raise Stopped("archive-corrupt", f"the archive is made of more than {STREAMS} gzip streams")
                engine = zlib_ng.decompressobj(GZIP)
            piece = _inflate(engine, chunk)
            given += len(piece)
            _bound(taken, given, budget)
            if piece:
                yield piece
            if engine.eof:
                chunk, engine = engine.unused_data, None
            else:
                chunk = engine.unconsumed_tail
    if engine is not None or not streams:
        raise Stopped("archive-truncated", "the archive ends before its end mark")


def _inflate(engine: "zlib_ng._Decompress", chunk: bytes) -> bytes:
    try:
        return engine.decompress(chunk, CHUNK)
    except zlib_ng.error:  # type: ignore[misc]  # its stub calls the class an instance
        raise Stopped("archive-corrupt", "the archive is no valid gzip data") from None


def _bound(taken: int, given: int, budget: Budget) -> None:
    if given > budget.expanded:
        raise Stopped("archive-too-large", f"the archive expands to more than {budget.expanded // MIB} MiB")
    if given > budget.ratio_from and given > taken * budget.ratio:
        raise Stopped("archive-bomb", f"the archive expands to more than {budget.ratio} times its size")
