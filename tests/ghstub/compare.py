"""Comparing two commits across a fork network, as the compare path does."""

from __future__ import annotations

import subprocess
from typing import Any
from urllib.parse import quote

from tests.ghstub.git import Clone
from tests.ghstub.gitshapes import GitShapes
from tests.ghstub.hub import Hub
from tests.ghstub.world import Repo

FILE_LIMIT = 300
STATUS = {"A": "added", "M": "modified", "D": "removed", "R": "renamed", "C": "copied", "T": "changed"}


def resolve(hub: Hub, repo: Repo, clone: Clone, ref: str) -> str | None:
    """The commit of ``oid``, ``branch``, ``owner:branch`` or ``owner:repo:branch`` within the network."""
    parts = ref.split(":")
    if len(parts) == 1:
        return clone.resolve(ref)
    family = [repo.full_name.lower(), (repo.parent or "").lower()]
    for other in hub.world.repositories:
        related = other.full_name.lower() in family or (other.parent or "").lower() in family
        named = len(parts) == 2 or other.name.lower() == parts[1].lower()
        if related and named and other.owner.lower() == parts[0].lower():
            return hub.clone(other).resolve(parts[-1])
    return None


def compare(hub: Hub, shapes: GitShapes, repo: Repo, base_ref: str, head_ref: str) -> dict[str, Any] | None:
    """The comparison's body (three dots: from the merge base to the head); None when a ref is unknown."""
    clone = hub.network(repo)
    base = resolve(hub, repo, clone, base_ref)
    head = resolve(hub, repo, clone, head_ref)
    if base is None or head is None:
        return None
    try:
        root = clone.run("merge-base", base, head).decode().strip()
    except subprocess.CalledProcessError:
        return None
    counts = clone.run("rev-list", "--left-right", "--count", f"{base}...{head}").decode().split()
    behind, ahead = int(counts[0]), int(counts[1])
    oids = clone.run("rev-list", "--reverse", f"{base}..{head}").decode().split()[-250:]
    status = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
    home = f"{shapes.base}/repos/{repo.full_name}/compare/{quote(base_ref)}...{quote(head_ref)}"
    html = f"{hub.web(repo.full_name)}/compare/{base_ref}...{head_ref}"
    return {
        "url": home,
        "html_url": html,
        "permalink_url": f"{hub.web(repo.full_name)}/compare/{base[:7]}...{head[:7]}",
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": shapes.commit(repo, clone, base),
        "merge_base_commit": shapes.commit(repo, clone, root),
        "status": status,
        "ahead_by": ahead,
        "behind_by": behind,
        "total_commits": ahead,
        "commits": [shapes.commit(repo, clone, oid) for oid in oids],
        "files": files(hub, shapes, repo, clone, root, head)[:FILE_LIMIT],
    }


def files(hub: Hub, shapes: GitShapes, repo: Repo, clone: Clone, base: str, head: str) -> list[dict[str, Any]]:
    """The changed files with their line counts."""
    if base == head:
        return []
    raw = clone.run("diff-tree", "-r", "-z", "-M", "--raw", "--no-commit-id", base, head).decode("utf-8", "replace")
    numbers = clone.run("diff-tree", "-r", "-z", "--no-renames", "--numstat", "--no-commit-id", base, head)
    lines: dict[str, tuple[int, int]] = {}
    for line in numbers.decode("utf-8", "replace").split("\0")[:-1]:
        added, removed, path = line.split("\t", 2)
        lines[path] = (int(added) if added != "-" else 0, int(removed) if removed != "-" else 0)
    parts = iter(raw.split("\0")[:-1])
    found = []
    for head_part in parts:
        words = head_part.split(" ")
        letter = words[4][0]
        path = next(parts)
        before = path if letter in "RC" else None
        path = next(parts) if before else path
        plus, minus = lines.get(path, (0, 0))
        web = hub.web(repo.full_name)
        item = {
            "sha": words[2] if letter == "D" else words[3],
            "filename": path,
            "status": STATUS[letter],
            "additions": plus,
            "deletions": minus,
            "changes": plus + minus,
            "blob_url": f"{web}/blob/{head}/{quote(path)}",
            "raw_url": f"{web}/raw/{head}/{quote(path)}",
            "contents_url": f"{shapes.base}/repos/{repo.full_name}/contents/{quote(path)}?ref={head}",
        }
        found.append(item | ({"previous_filename": before} if before else {}))
    return found
