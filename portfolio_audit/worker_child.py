"""The process in which archives are read and facts are made; it is started by `workers` and may die at any time.

It runs in the main thread (small thread stacks turn deep input into a crash), knows no token (its environment is
given by the parent), and cannot open a socket, start a program or write a file. What it says is JSON.
"""

import gc
import importlib
import os
import sys
from collections.abc import Iterator
from operator import attrgetter
from typing import BinaryIO

import msgspec

from portfolio_audit import worker_wire as wire
from portfolio_audit.archive.reading import read_archive
from portfolio_audit.archive.repair import repaired
from portfolio_audit.confinement import allow_seconds, confine, peak_memory
from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import TreeFact, TreeReading, read_facts
from portfolio_audit.snapshot import Limit
from portfolio_audit.tree import SourceTree
from portfolio_audit.worker_wire import Job, Page

SHA1_DIGITS = 40
ALLOCATED = 50_000
"""Objects after which cycles are looked for. What is made of source code is flat and holds next to none, so the usual
700 would only cost time: about a tenth of all that reading takes."""

REFUSED_TOLD = 50
"""Refused files that are named of one repository."""
PASSING = frozenset({"missing-blob", "file-killed-parser"})
"""Limits that another try may not meet; what was read under them is not kept."""


def main(page_descriptor: int, life_descriptor: int, memory: int, open_files: int) -> None:
    """Answer jobs from standard input until it ends. What a fact prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    page = Page(page_descriptor)
    requests = sys.stdin.buffer
    sys.stdin = open(os.devnull)  # noqa: SIM115 - for the life of the process
    confine(life_descriptor, memory=memory, open_files=open_files)
    gc.set_threshold(ALLOCATED)
    gc.enable()
    while (message := _receive(requests)) is not None:
        kind, content = message
        if kind == wire.JOB:
            Reader(msgspec.json.decode(content, type=Job), requests, answers, page).answer()


def _receive(requests: BinaryIO) -> tuple[bytes, bytes] | None:
    header = requests.read(wire.HEADER.size)
    if len(header) < wire.HEADER.size:
        return None
    kind, length = wire.HEADER.unpack(header)
    return kind, requests.read(length)


class Reader:
    """One job: from bytes or a folder to facts, each sent as soon as it is there."""

    def __init__(self, job: Job, requests: BinaryIO, answers: BinaryIO, page: Page) -> None:
        self._job = job
        self._requests = requests
        self._answers = answers
        self._page = page
        self._fact = ""

    def answer(self) -> None:
        """Send the tree, the facts and the end; or the one reason why there is nothing."""
        allow_seconds()
        self._page.write("", "")
        try:
            tree, reading = self._folder() if self._job.folder is not None else self._archive()
            self._send(wire.TREE, msgspec.json.encode(reading))
            for key in self._job.facts if not reading.mismatch else ():
                self._read(key, tree)
            if tree.refused:
                limits = [Limit("parser-refused", path, reason) for path, reason in sorted(tree.refused.items())]
                self._send(wire.LIMITS, msgspec.json.encode(limits[:REFUSED_TOLD]))
            if tree.passing:
                self._send(wire.PASSING, b"")
            self._send(wire.DONE, b"%d" % peak_memory())
        except Unavailable as unavailable:
            self._send(wire.REFUSED, unavailable.reason.encode(errors="replace"))
        except MemoryError:
            os.write(self._answers.fileno(), wire.frame(wire.MEMORY))
            os._exit(1)
        except Exception as fault:
            self._send(wire.FAULT, f"{type(fault).__name__}: {fault}".encode(errors="replace")[:2000])

    def _read(self, key: str, tree: SourceTree) -> None:
        self._fact = key
        self._page.write(key, "")
        reason = self._job.skipped.get(key)
        if reason is None:
            try:
                kind = fact_of(key)
            except Exception as fault:  # a plugin's import may fail in any way
                reason = f"{key} could not be imported ({type(fault).__name__})"
            else:
                facts, failed = read_facts(tree, (kind,))
                reason = failed.get(key)
        if reason is not None:
            self._send(wire.FAILED, _pair(key, reason.encode(errors="replace")))
        else:
            self._send(wire.FACT, _pair(key, facts[key]))

    def _folder(self) -> tuple[SourceTree, TreeReading]:
        from portfolio_audit.sources.local import open_tree

        path = os.fsdecode((self._job.folder or "").encode("latin-1"))
        opened = open_tree(path, excluded=self._job.excluded, on_file=self._at)
        return opened.tree, TreeReading(
            tree=opened.tree.oid, commit=opened.commit, limits=opened.tree.limits, changed=opened.changed
        )

    def _archive(self) -> tuple[SourceTree, TreeReading]:
        job = self._job
        chunks = self._chunks()
        archive = read_archive(chunks, submodules=job.submodules, on_file=self._at)
        for _ in chunks:  # the rest of an archive that was given up, so that the next job starts at its start
            pass
        if job.repair is not None:
            archive = repaired(archive, job.repair)
        limits = archive.limits
        checkable = job.expected is not None and len(job.expected) == SHA1_DIGITS
        whole = archive.stopped is None and not (checkable and archive.oid != job.expected)
        if not whole and job.repair is not None:
            limits += (Limit("tree-mismatch", "", "the listing of the files is not the one of the commit"),)
        elif not whole and checkable:
            short = TreeReading(archive.oid, archive.commit, mismatch=True, files=archive.files, limits=limits)
            return SourceTree((), {}), short
        elif not whole:
            raise Unavailable(archive.stopped or "the archive is not whole")
        for path, reason in job.excluded.items():
            archive.contents.pop(path, None)
            archive.unread[path] = reason
            limits += (Limit("file-killed-parser", path, f"{path}: {reason}"),)
        tree = SourceTree(
            archive.files,
            archive.contents,
            oid=archive.oid,
            unread=archive.unread,
            limits=limits,
            on_file=self._at,
        )
        cacheable = whole and not any(limit.what in PASSING for limit in limits)
        return tree, TreeReading(archive.oid, archive.commit, limits=limits, cacheable=cacheable)

    def _chunks(self) -> Iterator[bytes]:
        while (message := _receive(self._requests)) is not None and message[0] == wire.ARCHIVE:
            yield message[1]

    def _at(self, path: str) -> None:
        self._page.write(self._fact, path)

    def _send(self, kind: bytes, content: bytes) -> None:
        view = memoryview(wire.frame(kind, content))
        while view:
            view = view[os.write(self._answers.fileno(), view) :]


def _pair(key: str, content: bytes) -> bytes:
    return key.encode() + b"\0" + content


def fact_of(key: str) -> type[TreeFact]:
    """The fact class named "module:Class". Raises what the import raises, or TypeError if it is no TreeFact."""
    module, _, name = key.partition(":")
    kind = attrgetter(name)(importlib.import_module(module))
    if not (isinstance(kind, type) and issubclass(kind, TreeFact)):
        raise TypeError(f"{key} is no TreeFact")
    return kind
