"""Templates that were compiled before: to do so anew takes a good part of an audit of which all is cached."""

import hashlib
import os
import sys
from contextlib import suppress
from importlib.util import find_spec

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache


class Compiled(FileSystemBytecodeCache):
    """Keeps what a template compiles to where Python keeps what its package compiles to, and by the same rules.

    Whoever can write there can change the code itself, so nothing is trusted that was not before. A file that cannot be
    read, is damaged or belongs to another source is compiled anew, and one that cannot be written is not.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, if there is a file for it."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the bucket, unless Python was told to write nothing."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)


def compiled(package: str, templates: jinja2.Environment) -> Compiled | None:
    """The cache for the templates of a package in this environment; None if there is no place for it."""
    spec = find_spec(package)
    folder = os.path.dirname(spec.cached) if spec is not None and spec.cached else ""
    if not os.path.isdir(folder):
        return None
    options = (templates.autoescape, templates.trim_blocks, templates.lstrip_blocks, templates.optimized)
    version = hashlib.sha256(f"{jinja2.__version__} {options}".encode()).hexdigest()[:12]
    return Compiled(folder, f"%s.{sys.implementation.cache_tag}.{version}.jinja")
