"""What a fork has beyond its parent, by one comparison of two commits each.

A fork counts as its owner's work only by what was added to it. A comparison is named by two commit ids, so it never
changes and is remembered for good. Only the forks that were pushed to last are compared; the page says so of others.
"""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from portfolio_audit.errors import Unavailable
from portfolio_audit.snapshot import Comparison, RepositoryRecord, encode
from portfolio_audit.sources.answer_parts import items, mapping, number, text
from portfolio_audit.sources.gate import IN_FLIGHT
from portfolio_audit.sources.service import Service
from portfolio_audit.sources.source import Memory, recalled
from portfolio_audit.sources.verdict import Answer, blocked, message

MOST_FORKS = 6
# The service lists at most 300 files of a comparison, all on its first page.
MOST_FILES = 300
Result = Comparison | Unavailable


class ForkReader:
    """Compares forks with their parents. With a token only; without, a listing does not name the parents."""

    def __init__(self, service: Service, memory: Memory, login: str) -> None:
        self.service = service
        self.memory = memory
        self.login = login

    def read(self, records: list[RepositoryRecord]) -> dict[str, Result]:
        """A comparison, or the reason why there is none, for each fork that is not empty, by repository id."""
        found: dict[str, Result] = {}
        chosen = _chosen(records)
        asked = []
        for record in records:
            if not record.fork or record.head is None:
                continue
            if _parent_head(record) is None:
                found[record.id] = Unavailable("the repository it was forked from is not visible")
            elif _parent_head(record) == record.head:
                found[record.id] = Comparison(ahead_by=0)
            elif record.id not in chosen:
                reason = f"only the {MOST_FORKS} forks pushed to last are compared with their parents"
                found[record.id] = Unavailable(reason)
            elif (known := recalled(self.memory, "comparison", self._key(record), Comparison)) is not None:
                found[record.id] = known
            else:
                asked.append(record)
        if asked:
            with ThreadPoolExecutor(min(IN_FLIGHT, len(asked))) as threads:
                found |= zip((record.id for record in asked), threads.map(self._compare, asked), strict=True)
        return found

    def missing(self, records: list[RepositoryRecord]) -> int:
        """How many comparisons are not remembered, so would be asked for."""
        chosen = _chosen(records)
        return sum(
            record.id in chosen and self.memory.recall("comparison", self._key(record)) is None for record in records
        )

    def _key(self, record: RepositoryRecord) -> str:
        return f"{self.service.host}/{record.id}:{_parent_head(record)}...{record.head}"

    def _compare(self, record: RepositoryRecord) -> Result:
        assert record.parent is not None
        owner = record.parent.full_name.partition("/")[0]
        answer = self._ask(record, f"{owner}:{record.parent.head}")
        if answer.status == 404:
            # Documented for a name after the colon; a bare commit is found as well, since a network shares its objects.
            answer = self._ask(record, f"{record.parent.head}")
        body = mapping(answer.body)
        ahead = number(body.get("ahead_by"))
        if answer.status != 200 or ahead is None:
            return Unavailable(blocked(answer) or f"the comparison was refused: {message(answer) or answer.status}")
        names = [text(entry.get("filename")) for entry in items(body.get("files"))]
        paths = tuple(name for name in names if name)
        comparison = Comparison(ahead, paths[:MOST_FILES], len(paths) < MOST_FILES)
        self.memory.remember("comparison", self._key(record), encode(comparison), login=self.login)
        return comparison

    def _ask(self, record: RepositoryRecord, base: str) -> Answer:
        path = f"/repos/{quote(record.full_name)}/compare/{quote(base, safe=':')}...{record.head}?per_page=1"
        return self.service.rest(path, what=f"comparing {record.full_name} with its parent")


def _chosen(records: list[RepositoryRecord]) -> set[str]:
    """The forks that are worth a request, whatever is remembered, so the choice is the same on every machine."""
    apart = [record for record in records if _parent_head(record) not in (None, record.head)]
    newest = sorted(apart, key=lambda record: (record.pushed_at or "", record.id), reverse=True)
    return {record.id for record in newest[:MOST_FORKS]}


def _parent_head(record: RepositoryRecord) -> str | None:
    """The newest commit of the repository that a fork with commits was made from, as far as it is visible."""
    return record.parent.head if record.fork and record.head is not None and record.parent is not None else None
