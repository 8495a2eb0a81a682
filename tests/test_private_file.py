"""The guard of files about people: made for one's own eyes, and nothing of anybody else is opened or changed."""

import os
import stat
from pathlib import Path

import pytest

from portfolio_audit.private_file import made_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_is_its_owners_alone_whatever_the_mask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        assert made_private(tmp_path / "new")
    finally:
        os.umask(before)
    assert mode(tmp_path / "new") == 0o600


def test_an_own_file_is_closed_and_keeps_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "own").write_bytes(b"kept")
    (tmp_path / "own").chmod(0o644)
    assert made_private(tmp_path / "own")
    assert (mode(tmp_path / "own"), (tmp_path / "own").read_bytes()) == (0o600, b"kept")


def test_a_file_with_another_name_and_a_pipe_are_refused_unchanged(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"kept")
    (tmp_path / "theirs").chmod(0o644)
    os.link(tmp_path / "theirs", tmp_path / "linked")
    os.mkfifo(tmp_path / "pipe", 0o644)
    assert not made_private(tmp_path / "linked")
    assert not made_private(tmp_path / "pipe")
    assert (mode(tmp_path / "theirs"), mode(tmp_path / "pipe")) == (0o644, 0o644)


@pytest.mark.parametrize("target", ["there", "nowhere"])
def test_a_link_is_not_followed_and_makes_nothing(tmp_path: Path, target: str) -> None:
    (tmp_path / "there").write_bytes(b"kept")
    (tmp_path / "link").symlink_to(tmp_path / target)
    with pytest.raises(OSError, match="link"):
        made_private(tmp_path / "link")
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        made_private(tmp_path)


def test_a_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "theirs").write_bytes(b"")
    (tmp_path / "theirs").chmod(0o644)
    monkeypatch.setattr(os, "geteuid", lambda: (tmp_path / "theirs").stat().st_uid + 1)
    assert not made_private(tmp_path / "theirs")
    assert mode(tmp_path / "theirs") == 0o644
