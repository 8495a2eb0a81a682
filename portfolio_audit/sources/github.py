"""A GitHub server as a source of portfolios: puts the readings of its neighbours together into one snapshot.

With a token by GraphQL and REST archives; without one by three REST requests, a search and archives from the web
host. What a mode cannot read is named in the snapshot with the reason, never left as if it were not there.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import msgspec

from portfolio_audit.errors import NotFound, PortfolioAuditError, Unavailable, UsageError
from portfolio_audit.snapshot import Activity, Comparison, Contributions, RepositoryRecord, Snapshot
from portfolio_audit.sources.activity import read_activity
from portfolio_audit.sources.anonymous import Settled, pushed_key, read_anonymously
from portfolio_audit.sources.answer_parts import mapping, text
from portfolio_audit.sources.archive_download import ArchiveDownload, require_safe_api
from portfolio_audit.sources.contributions import read_contributions
from portfolio_audit.sources.details import DetailsReader
from portfolio_audit.sources.estimate import Estimate, estimate, from_counts
from portfolio_audit.sources.forks import ForkReader
from portfolio_audit.sources.gate import Gate
from portfolio_audit.sources.members import Membership, read_members
from portfolio_audit.sources.overview import Overview, read_overview
from portfolio_audit.sources.repair import read_contents, read_listing
from portfolio_audit.sources.secret import Secret
from portfolio_audit.sources.service import Service
from portfolio_audit.sources.source import Memory
from portfolio_audit.sources.verdict import iso, one_line
from portfolio_audit.tree import File

if TYPE_CHECKING:
    import httpx

# Letters, digits and hyphens; enterprise accounts also have an underscore.
LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
NO_PULLS = "an organisation opens no pull requests of its own"
NO_ACTIVITY = "the service counts contributions of people, not of organisations"


class GitHubSource:
    """Portfolios of one GitHub server. All methods may be called from several threads.

    `api_url` is the REST address (https://HOST/api/v3 for an own server); `archive_url` the web host, used without a
    token; `now` gives the time in UTC for a service that states none; `transport` stands in for the archive network.
    Raises UsageError for addresses that would send the token unencrypted.
    """

    def __init__(
        self,
        *,
        api_url: str,
        archive_url: str,
        token: Secret | None,
        memory: Memory,
        gate: Gate,
        user_agent: str,
        now: Callable[[], datetime],
        transport: "httpx.BaseTransport | None" = None,
    ) -> None:
        require_safe_api(api_url)
        self.gate = gate
        self._memory = memory
        self._now = now
        self._service = Service(api_url, token, gate, user_agent)
        self._downloads = ArchiveDownload(
            api_url=api_url,
            archive_url=archive_url,
            token=token,
            gate=gate,
            user_agent=user_agent,
            monotonic=gate.monotonic,
            transport=transport,
        )

    def snapshot(self, login: str) -> Snapshot:
        """Everything about a user or organisation but the source code.

        Raises NotFound, AuthenticationError, RateLimited and NetworkFailure; all else that cannot be read is named in
        `unavailable` and `limits`.
        """
        overview = self._overview(login)
        login = overview.owner.login
        if self._service.authenticated:
            overview.records = self._completed(overview.records, login)
        pulls = self._pulls(overview)
        if isinstance(pulls, Unavailable):
            overview.unavailable["contributions"] = pulls.reason
        data_time = self._data_time(overview.date)
        activity = self._activity(overview, data_time)
        if isinstance(activity, Unavailable):
            overview.unavailable.setdefault("activity", activity.reason)
        return Snapshot(
            mode="authenticated" if self._service.authenticated else "anonymous",
            scope="portfolio",
            owner=overview.owner,
            data_time=data_time,
            repositories=tuple(overview.records),
            repository_count=max(overview.total, len(overview.records)),
            pinned=overview.pinned,
            contributions=None if isinstance(pulls, Unavailable) else pulls,
            activity=None if isinstance(activity, Unavailable) else activity,
            unavailable=overview.unavailable,
            limits=tuple(overview.limits),
        )

    def archive(self, record: RepositoryRecord) -> bytes:
        """The compressed tarball, at most 256 MiB. Raises Unavailable with the reason, and what `snapshot` raises."""
        return self._downloads.fetch(record)

    def settle(self, record: RepositoryRecord, *, head: str, tree: str | None, login: str) -> RepositoryRecord:
        """The record with the commit that its archive turned out to hold, remembered until the next push.

        Only needed without a token, where a listing names no commits.
        """
        if record.pushed_at is not None:
            value = msgspec.json.encode(Settled(head, tree))
            self._memory.remember("pushed", pushed_key(self._service.host, record), value, login=login)
        return msgspec.structs.replace(record, head=head, tree=tree)

    def listing(self, record: RepositoryRecord) -> tuple[File, ...]:
        """What git says is in the tree, one request; for an archive whose tree id differs. Raises Unavailable."""
        return read_listing(self._service, record)

    def contents(
        self, record: RepositoryRecord, paths: Sequence[str], *, sizes: Mapping[str, int] | None = None
    ) -> dict[str, bytes]:
        """Those of the text files that can be had whole, verified against their git ids; one request per 50 files or
        1 MiB, by the sizes given. Raises Unavailable."""
        return read_contents(self._service, record, paths, sizes)

    def estimate(self, login: str, *, cached: Callable[[RepositoryRecord], bool] = lambda _: False) -> Estimate:
        """What an audit of this login would ask for, against what is left; `cached` tells which trees are known."""
        return estimate(self._service, self._memory, self._overview(login), cached)

    def members(self, org: str, team: str | None = None, *, most: int, counts: bool = False) -> Membership:
        """Who is in an organisation, or in its team of that slug, as far as this token may know; at most `most`."""
        return read_members(self._service, org, team, most=most, counts=counts)

    def estimate_from(self, counts: Sequence[int]) -> Estimate:
        """What first audits of people with so many public repositories ask for, against what is left."""
        return from_counts(self._service, counts)

    def login_of(self, number: int) -> str | None:
        """The login that the account of this number has now; None if there is none. Raises what `snapshot` raises."""
        answer = self._service.rest(f"/user/{number}", what="looking up an earlier account")
        return text(mapping(answer.body).get("login")) if answer.status == 200 else None

    def close(self) -> None:
        """Ends waits that threads are still in, and closes all connections."""
        self.gate.stop()
        self._downloads.close()
        self._service.close()

    def _overview(self, login: str) -> Overview:
        if not LOGIN.fullmatch(login):
            raise UsageError(f"{one_line(login)!r} is no login", hint="give the name in the profile's address")
        key = f"{self._service.host}/{login.lower()}"
        try:
            overview = (
                read_overview(self._service, login)
                if self._service.authenticated
                else read_anonymously(self._service, self._memory, login)
            )
        except NotFound as error:
            raise self._renamed(error, self._memory.recall("account", key)) from None
        if overview.owner.database_id is not None:
            number = str(overview.owner.database_id).encode()
            before = self._memory.recall("account", key)
            if before not in (None, number):
                self.gate.tell(f"{login} is now another account than at the last audit")
            self._memory.remember("account", key, number, login=overview.owner.login)
        return overview

    def _renamed(self, error: NotFound, number: bytes | None) -> NotFound:
        """The error, with the new login where the account of an earlier audit still exists under another one."""
        if number is None or not number.isdigit():
            return error
        try:
            login = self.login_of(int(number))
        except PortfolioAuditError:
            return error
        if login is None:
            return error
        return NotFound(f"{error}; renamed to {login}?", hint=f"portfolio-audit audit {login}", renamed_to=login)

    def _completed(self, records: list[RepositoryRecord], login: str) -> list[RepositoryRecord]:
        forks = ForkReader(self._service, self._memory, login)
        with ThreadPoolExecutor(1) as beside:  # REST may go on while GraphQL waits for one answer at a time
            comparing = beside.submit(forks.read, records)
            try:
                details = DetailsReader(self._service, self._memory, login).read(records)
                compared = comparing.result()
            except KeyboardInterrupt:
                self.gate.stop()
                raise
        completed = []
        for record in records:
            unavailable = dict(record.unavailable)
            reading = details.get(record.id)
            if reading is not None:
                unavailable |= reading.unavailable
            comparison = compared.get(record.id)
            if isinstance(comparison, Unavailable):
                unavailable.setdefault("comparison", comparison.reason)
            completed.append(
                msgspec.structs.replace(
                    record,
                    details=reading.details if reading else None,
                    comparison=comparison if isinstance(comparison, Comparison) else None,
                    unavailable=unavailable,
                )
            )
        return completed

    def _pulls(self, overview: Overview) -> Contributions | Unavailable:
        if overview.owner.kind == "Organization":
            return Unavailable(NO_PULLS)
        try:
            return read_contributions(self._service, self._memory, overview.owner.login)
        except Unavailable as error:
            return error

    def _activity(self, overview: Overview, data_time: str) -> Activity | Unavailable:
        if overview.owner.kind == "Organization":
            return Unavailable(NO_ACTIVITY)
        try:
            return read_activity(self._service, self._memory, overview.owner.login, data_time)
        except Unavailable as error:
            return error

    def _data_time(self, date: str | None) -> str:
        try:
            return iso(parsedate_to_datetime(date or "").timestamp())
        except (ValueError, TypeError):
            return iso(self._now().astimezone(UTC).timestamp())
