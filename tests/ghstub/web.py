"""The archive and web host: downloads, ref listings and pages, none of them metered, none given a token."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from tests.ghstub import tarball
from tests.ghstub.git import Clone
from tests.ghstub.hub import Hub
from tests.ghstub.wire import Answer, Seen
from tests.ghstub.world import Repo

NAME = r"/([^/]+)/([^/]+?)"
SERVICES = {"git-upload-pack"}


def answer(hub: Hub, seen: Seen, archive_url: str) -> Answer | None:
    """The answer for a path of the web or archive host; None when it is not one of their forms."""
    for pattern, handler in (
        (NAME + r"/archive/(?:refs/(heads|tags)/)?(.+)\.tar\.gz", archive_link),
        (NAME + r"/(tar\.gz|legacy\.tar\.gz)/(.+)", download),
        (NAME + r"(?:\.git)?/(info)/(refs)", refs),
        (NAME + r"(?:\.git)?/(git)-(upload-pack)", upload),
    ):
        found = re.fullmatch(pattern, seen.path)
        if not found:
            continue
        owner, name, kind, ref = (unquote(part) if part else "" for part in found.groups())
        repo = hub.world.repo(f"{owner}/{name}")
        if repo is None or repo.private:
            return gone()
        if repo.blocked:
            return Answer(status=451, body=b"Unavailable for legal reasons", media="text/plain", cost=0)
        if f"{owner}/{name}".lower() != repo.full_name.lower():
            place = archive_url + seen.path.replace(f"/{owner}/{name}", f"/{repo.full_name}", 1)
            place += "?" + seen.query if seen.query else ""
            return Answer(status=301, body=b"", headers={"location": place}, cost=0)
        clone = hub.clone(repo)
        if clone.head is None:
            return gone()
        return handler(repo, clone, kind, ref, seen, archive_url)
    if re.fullmatch(r"/[^/]+(/[^/]+)?", seen.path):
        return page(hub, unquote(seen.path.strip("/")), archive_url)
    return None


def gone() -> Answer:
    return Answer(status=404, body=b"404: Not Found", media="text/plain; charset=utf-8", cost=0)


def archive_link(repo: Repo, clone: Clone, kind: str, ref: str, seen: Seen, archive_url: str) -> Answer:
    """The documented web form redirects to the download host."""
    full = f"refs/{kind}/{ref}" if kind else ref
    place = f"{archive_url}/{repo.full_name}/tar.gz/{quote(full)}"
    return Answer(status=302, body=b"", headers={"location": place}, cost=0)


def download(repo: Repo, clone: Clone, kind: str, ref: str, seen: Seen, archive_url: str) -> Answer:
    """The archive itself; its top folder is named as each of the two forms names it."""
    short = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    oid = clone.head.oid if clone.head and short == repo.default_branch else clone.resolve(ref)
    if oid is None:
        return gone()
    label = short.removeprefix("v") if ref.startswith("refs/tags/") else short
    prefix = f"{repo.name}-{label.replace('/', '-')}"
    if kind == "legacy.tar.gz":
        prefix = f"{repo.owner}-{repo.name}-{oid[:7]}"
    headers = {
        "content-disposition": f"attachment; filename={prefix}.tar.gz",
        "etag": f'W/"{oid}"',
        "access-control-allow-origin": "https://render.githubusercontent.com",
        "strict-transport-security": "max-age=31536000",
        "vary": "Authorization,Accept-Encoding",
        "x-content-type-options": "nosniff",
        "cache-control": "max-age=0, private, must-revalidate",
    }
    data = tarball.build(clone, oid, prefix)
    return Answer(body=data, media="application/x-gzip", headers=headers, cost=0, chunked=True)


def refs(repo: Repo, clone: Clone, kind: str, ref: str, seen: Seen, archive_url: str) -> Answer:
    """The smart ref advertisement: what a clone reads first, the newest commit among it.

    Where the world serves an older commit of a real clone, the advertisement says so and cannot be cloned from.
    """
    if seen.parameters.get("service") not in SERVICES:
        return Answer(status=403, body=b"Please upgrade your git client.\n", media="text/plain", cost=0)
    extra = {"GIT_PROTOCOL": seen.headers["git-protocol"]} if "git-protocol" in seen.headers else {}
    body = clone.run("upload-pack", "--http-backend-info-refs", str(clone.folder), extra=extra)
    if repo.head and clone.head:
        text = f"{clone.head.oid} HEAD\0symref=HEAD:refs/heads/{clone.branch} object-format=sha1 agent=git/stub\n"
        body = packet(text) + packet(f"{clone.head.oid} refs/heads/{clone.branch}\n") + b"0000"
    body = packet("# service=git-upload-pack\n") + b"0000" + body
    media = "application/x-git-upload-pack-advertisement"
    return Answer(body=body, media=media, headers={"cache-control": "no-cache"}, cost=0)


def packet(text: str) -> bytes:
    """One line of git's wire protocol, its length in front."""
    return f"{len(text) + 4:04x}{text}".encode()


def upload(repo: Repo, clone: Clone, kind: str, ref: str, seen: Seen, archive_url: str) -> Answer:
    """The pack of a clone or fetch."""
    extra = {"GIT_PROTOCOL": seen.headers["git-protocol"]} if "git-protocol" in seen.headers else {}
    body = clone.run("upload-pack", "--stateless-rpc", str(clone.folder), data=seen.body, extra=extra)
    return Answer(body=body, media="application/x-git-upload-pack-result", cost=0)


def page(hub: Hub, name: str, archive_url: str) -> Answer:
    """A profile or repository page: there, moved or not there; its content says nothing."""
    media = "text/html; charset=utf-8"
    if "/" in name:
        repo = hub.world.repo(name)
        if repo and repo.full_name.lower() != name.lower():
            return Answer(status=301, body=b"", headers={"location": f"{archive_url}/{repo.full_name}"}, cost=0)
        there = repo is not None and not repo.private
    else:
        there = hub.world.owner(name) is not None
    if there:
        return Answer(body=b"<!DOCTYPE html><title>page</title>", media=media, cost=0)
    return Answer(status=404, body=b"<!DOCTYPE html><title>Page not found</title>", media=media, cost=0)
