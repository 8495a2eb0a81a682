"""Filling the gaps of an archive: what git says is in the tree, and the files that the archive left out.

An archive lacks what `.gitattributes` marks export-ignore, often the tests. Whoever finds that the archive's
tree id differs asks here for the listing and for the missing text files. Nothing unverified is handed back.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal
from urllib.parse import quote

from portfolio_audit.errors import Unavailable
from portfolio_audit.snapshot import RepositoryRecord
from portfolio_audit.sources.answer_parts import items, mapping, number, text
from portfolio_audit.sources.queries import MOST_FILES, missing_files
from portfolio_audit.sources.service import Service, TooHeavy
from portfolio_audit.sources.verdict import blocked, message
from portfolio_audit.tree import KIB, MIB, File, blob_oid

BATCH_BYTES = MIB
# What a file of unknown size is taken for when a batch is filled.
USUAL_BYTES = 16 * KIB
KINDS: Mapping[str, Literal["file", "executable", "symlink", "submodule"]] = {
    "100644": "file",
    "100664": "file",
    "100755": "executable",
    "120000": "symlink",
    "160000": "submodule",
}


def read_listing(service: Service, record: RepositoryRecord) -> tuple[File, ...]:
    """All entries of the repository's tree but the folders. Raises Unavailable if they cannot be had completely."""
    revision = record.tree or record.head
    if revision is None:
        raise Unavailable("the commit is not known")
    path = f"/repos/{quote(record.full_name)}/git/trees/{quote(revision)}?recursive=1"
    answer = service.rest(path, what=f"listing the files of {record.full_name}")
    if answer.status == 404:
        raise Unavailable("disappeared between listing and reading")
    if answer.status != 200:
        raise Unavailable(blocked(answer) or f"the file listing was refused: {message(answer) or answer.status}")
    body = mapping(answer.body)
    if body.get("truncated"):
        raise Unavailable("the service cuts the file listing of so many files")
    entries = items(body.get("tree"))
    # A redirect of a renamed repository loses the word "recursive" on its way; then folders come without content.
    inhabited = {path.rpartition("/")[0] for path in (text(entry.get("path")) or "" for entry in entries)}
    if any(entry.get("type") == "tree" and entry.get("path") not in inhabited for entry in entries):
        raise Unavailable("the service lists folders without their files")
    found = []
    for entry in entries:
        kind = KINDS.get(text(entry.get("mode")) or "")
        name = text(entry.get("path"))
        if kind is not None and name is not None:
            found.append(File(name, number(entry.get("size")) or 0, text(entry.get("sha")), kind))
    return tuple(found)


def read_contents(
    service: Service, record: RepositoryRecord, paths: Sequence[str], sizes: Mapping[str, int] | None = None
) -> dict[str, bytes]:
    """The text files among the paths, by path; those that are binary, cut or do not match their git id are left out.

    At most 50 files and 1 MiB in one request, by the sizes given. Raises Unavailable without a token or a head commit.
    """
    if not service.authenticated:
        raise Unavailable("single files are not read without a token")
    if record.head is None:
        raise Unavailable("the commit is not known")
    found: dict[str, bytes] = {}
    batches = list(_batches(paths, sizes or {}))
    while batches:
        batch = batches.pop()
        variables = {"id": record.id} | {f"e{index}": f"{record.head}:{path}" for index, path in enumerate(batch)}
        try:
            reply = service.graphql(
                missing_files(len(batch)), variables, what=f"reading {len(batch)} files of {record.full_name}"
            )
        except TooHeavy as heavy:
            if len(batch) > 1:
                middle = len(batch) // 2
                batches += [batch[:middle], batch[middle:]]
                service.gate.breathe(1, f"{service.host} {heavy.reason}: asking for {middle} files at a time")
            continue
        node = mapping(reply.data.get("node"))
        for index, path in enumerate(batch):
            blob = mapping(node.get(f"f{index}"))
            content = blob.get("text")
            if isinstance(content, str) and not blob.get("isTruncated"):
                raw = content.encode("utf-8", errors="surrogatepass")
                if blob_oid(raw) == blob.get("oid"):
                    found[path] = raw
    return found


def _batches(paths: Sequence[str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    batch: list[str] = []
    total = 0
    for path in paths:
        size = sizes.get(path, USUAL_BYTES)
        if batch and (len(batch) == MOST_FILES or total + size > BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(path)
        total += size
    if batch:
        yield batch
