"""A GitHub to test against, on loopback. ``with GitHubStub(world) as stub: stub.api_url, stub.archive_url``."""

from tests.ghstub.faults import Fault
from tests.ghstub.service import NOON, TOKEN, Entry
from tests.ghstub.stub import GitHubStub, Violation
from tests.ghstub.world import (
    EPOCH,
    Activity,
    Commit,
    Deployment,
    File,
    Membership,
    Owner,
    PullRequest,
    Release,
    Repo,
    SocialAccount,
    Team,
    World,
)

__all__ = [
    "EPOCH",
    "NOON",
    "TOKEN",
    "Activity",
    "Commit",
    "Deployment",
    "Entry",
    "Fault",
    "File",
    "GitHubStub",
    "Membership",
    "Owner",
    "PullRequest",
    "Release",
    "Repo",
    "SocialAccount",
    "Team",
    "Violation",
    "World",
]
