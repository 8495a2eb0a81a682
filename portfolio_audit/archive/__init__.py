"""From archive bytes to a `SourceTree`; nothing else in the engine reads tar."""

from portfolio_audit.archive.budget import Budget, Stopped, limits_hash
from portfolio_audit.archive.oids import tree_oid
from portfolio_audit.archive.reading import Archive, read_archive
from portfolio_audit.archive.repair import Repair, missing, repaired

__all__ = [
    "Archive",
    "Budget",
    "Repair",
    "Stopped",
    "limits_hash",
    "missing",
    "read_archive",
    "repaired",
    "tree_oid",
]
