"""What costs more to ask for and changes with the head commit: commit counts, releases, deployments, submodules.

Asked for only where the head has moved since the last time, twenty repositories a request; a batch that is too much
for the service is cut into smaller ones, so one huge repository loses its own details and nobody else's.
"""

from typing import Any

import msgspec

from portfolio_audit.snapshot import Deployment, Details, RepositoryRecord
from portfolio_audit.sources.answer_parts import mapping, nodes, number, text
from portfolio_audit.sources.queries import DETAILS, DETAILS_WITHOUT_DEPLOYMENTS
from portfolio_audit.sources.service import Fault, Reply, Service, TooHeavy
from portfolio_audit.sources.source import Memory, recalled

SIZES = (20, 10, 5, 1)
MOST_FAILURES = 12
LASTING_TYPES = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES", "NOT_FOUND"})


class Reading(msgspec.Struct, frozen=True, omit_defaults=True):
    """The details of one repository, and the parts of them that the service would not give, with its reason."""

    details: Details | None = None
    unavailable: dict[str, str] = {}


class DetailsReader:
    """Reads details in batches that shrink where the service cannot keep up, and gives up in a storm."""

    def __init__(self, service: Service, memory: Memory, login: str) -> None:
        self.service = service
        self.memory = memory
        self.login = login
        self._failures = 0
        self._no_deployments = ""

    def read(self, records: list[RepositoryRecord]) -> dict[str, Reading]:
        """The readings by repository id, of all records that have a head commit."""
        found: dict[str, Reading] = {}
        fresh = []
        for record in records:
            if record.head is None:
                continue
            known = recalled(self.memory, "details", self._key(record), Reading)
            if known is not None:
                found[record.id] = known
            else:
                fresh.append(record)
        for start in range(0, len(fresh), SIZES[0]):
            found |= self._batch(fresh[start : start + SIZES[0]], 0)
        return found

    def missing(self, records: list[RepositoryRecord]) -> int:
        """How many of the records are not remembered, so would be asked for."""
        return sum(
            record.head is not None and self.memory.recall("details", self._key(record)) is None for record in records
        )

    def _key(self, record: RepositoryRecord) -> str:
        return f"{self.service.host}/{record.id}@{record.head}"

    def _batch(self, batch: list[RepositoryRecord], step: int) -> dict[str, Reading]:
        if self._failures >= MOST_FAILURES:
            return {record.id: _unknown("the service failed too often") for record in batch}
        document = DETAILS_WITHOUT_DEPLOYMENTS if self._no_deployments else DETAILS
        variables = {"ids": [record.id for record in batch]}
        try:
            reply = self.service.graphql(document, variables, what=f"reading details of {len(batch)} repositories")
        except TooHeavy as heavy:
            self._failures += 1
            if len(batch) == 1:
                return {batch[0].id: _unknown(heavy.reason)}
            step = next(index for index, size in enumerate(SIZES) if size < min(len(batch), SIZES[step]))
            size = SIZES[step]
            self.service.gate.breathe(1, f"{self.service.host} {heavy.reason}: asking for {size} at a time")
            found: dict[str, Reading] = {}
            for start in range(0, len(batch), size):
                found |= self._batch(batch[start : start + size], step)
            return found
        refused = [
            fault
            for fault in reply.faults
            if (fault.path[2:] == ("deployments",) and fault.type in LASTING_TYPES)
            or (not reply.data and fault.type == "INSUFFICIENT_SCOPES")
        ]
        if refused and not self._no_deployments:
            # That field may not be null, so its refusal takes the repository along, and one for want of a scope takes
            # the whole document; ask again without it.
            self._no_deployments = refused[0].text or refused[0].type
            return self._batch(batch, step)
        return self._kept(batch, reply)

    def _kept(self, batch: list[RepositoryRecord], reply: Reply) -> dict[str, Reading]:
        """The readings of an answer; those without a passing fault are remembered."""
        answered = reply.data.get("nodes")
        listed = answered if isinstance(answered, list) else []
        found: dict[str, Reading] = {}
        for index, record in enumerate(batch):
            faults = [fault for fault in reply.faults if fault.path[:2] in (("nodes", index), ())]
            node = listed[index] if index < len(listed) else None
            if not isinstance(node, dict) or node.get("id") != record.id:
                found[record.id] = _unknown(faults[0].text if faults else "disappeared between listing and reading")
                continue
            reading = _reading(node, faults, self._no_deployments)
            found[record.id] = reading
            if all(fault.type in LASTING_TYPES for fault in faults):
                self.memory.remember("details", self._key(record), msgspec.json.encode(reading), login=self.login)
        return found


def _unknown(reason: str) -> Reading:
    return Reading(None, {"details": reason})


def _reading(node: dict[str, Any], faults: list[Fault], no_deployments: str) -> Reading:
    unavailable = {"deployments": no_deployments} if no_deployments else {}
    for fault in faults:
        field = str(fault.path[2]) if len(fault.path) > 2 else "details"
        unavailable["history" if field == "defaultBranchRef" else field] = fault.text or fault.type
    releases, submodules = mapping(node.get("releases")), mapping(node.get("submodules"))
    history = mapping(mapping(mapping(node.get("defaultBranchRef")).get("target")).get("history"))
    newest = next(iter(nodes(releases)), {})
    details = Details(
        commit_count=number(history.get("totalCount")),
        release_count=number(releases.get("totalCount")),
        latest_release=text(newest.get("tagName")),
        latest_release_at=text(newest.get("publishedAt")),
        deployments=_deployments(nodes(node.get("deployments"))),
        submodules=tuple(
            (str(module["path"]), str(module["subprojectCommitOid"]))
            for module in nodes(submodules)
            if module.get("path") and module.get("subprojectCommitOid")
        ),
        submodule_count=number(submodules.get("totalCount")) or 0,
    )
    return Reading(details, unavailable)


def _deployments(records: list[dict[str, Any]]) -> tuple[Deployment, ...]:
    """The newest record of each environment; the service lists the newest first."""
    newest: dict[str, Deployment] = {}
    for node in records:
        environment = str(node.get("environment") or "")
        status = mapping(node.get("latestStatus"))
        newest.setdefault(
            environment, Deployment(environment, text(status.get("state")), text(status.get("environmentUrl")))
        )
    return tuple(newest.values())
