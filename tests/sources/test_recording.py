"""A recording: what goes in comes out, the same bytes each time, and nothing half-written or damaged is believed."""

import os
import tarfile
from pathlib import Path

import pytest

from portfolio_audit.archive.repair import Repair
from portfolio_audit.errors import Unavailable, UsageError
from portfolio_audit.snapshot import Owner, Probe, RepositoryRecord, Snapshot
from portfolio_audit.sources import recording
from portfolio_audit.tree import File
from tests.tars import archive

LINK = "https://sample-app.example"
SNAPSHOT = Snapshot(
    mode="authenticated",
    scope="portfolio",
    owner=Owner("User", "sample-owner"),
    data_time="2024-05-06T07:08:09Z",
    repositories=(
        RepositoryRecord("R_1", "one", "sample-owner/one"),
        RepositoryRecord("R_2", "two", "sample-owner/two"),
    ),
    probes={LINK: Probe(LINK, "live", "answers", "2024-05-06T07:08:09Z")},
)
ARCHIVES = {"R_2": archive({"b.py": "2\n"}), "R_1": archive({"a.py": "1\n"})}
REPAIRS = {"R_1": Repair((File("hidden.py", 2, "1" * 40),), {"hidden.py": b"x\xff"})}


def save(path: Path) -> bytes:
    recording.write(path, SNAPSHOT, ARCHIVES, repairs=REPAIRS, reasons={"R_3": "blocked (dmca)"})
    return path.read_bytes()


def test_everything_comes_back(tmp_path: Path) -> None:
    save(tmp_path / "saved")
    found = recording.read(tmp_path / "saved")
    assert found.snapshot == SNAPSHOT
    assert dict(found.archives) == ARCHIVES
    assert found.repairs == REPAIRS
    assert found.reasons == {"R_3": "blocked (dmca)"}
    assert found.archives.get("R_9") is None


def test_same_content_same_bytes_wherever_and_in_whatever_order(tmp_path: Path) -> None:
    first = save(tmp_path / "first")
    recording.write(
        tmp_path / "second",
        SNAPSHOT,
        dict(reversed(ARCHIVES.items())),
        repairs=REPAIRS,
        reasons={"R_3": "blocked (dmca)"},
    )
    assert (tmp_path / "second").read_bytes() == first


def test_its_owner_can_look_into_it_with_tar(tmp_path: Path) -> None:
    save(tmp_path / "saved")
    with tarfile.open(tmp_path / "saved") as tar:
        assert "recording/snapshot.json" in tar.getnames()


def test_a_cut_recording_is_refused_at_every_length(tmp_path: Path) -> None:
    whole = save(tmp_path / "saved")
    index_ends = len(whole) - 1024
    for end in range(0, index_ends - 512, 61):
        (tmp_path / "cut").write_bytes(whole[:end])
        with pytest.raises(UsageError):
            recording.read(tmp_path / "cut")


def test_damage_is_an_error_or_an_unavailable_archive_never_other_data(tmp_path: Path) -> None:
    whole = save(tmp_path / "saved")
    for at in range(0, len(whole), 97):
        (tmp_path / "bad").write_bytes(whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :])
        try:
            found = recording.read(tmp_path / "bad")
            assert (found.snapshot, found.repairs) == (SNAPSHOT, REPAIRS)
            for identity, content in ARCHIVES.items():
                if identity in found.archives:
                    assert found.archives[identity] == content
        except (UsageError, Unavailable):
            continue


@pytest.mark.parametrize("content", [b"", b"{}", archive({"a": "1"}), b"\0" * 4096, b"\xff" * 100_000])
def test_other_files_are_refused_with_a_hint(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(UsageError) as refused:
        recording.read(tmp_path / "other")
    assert "fetch" in (refused.value.hint or "")


def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "nowhere", "."):
        with pytest.raises(UsageError):
            recording.read(tmp_path / name)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    before = save(tmp_path / "saved")

    class Failing(dict[str, bytes]):
        def __getitem__(self, key: str) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(UsageError, match="No space left"):
        recording.write(tmp_path / "saved", SNAPSHOT, Failing(ARCHIVES))
    assert (tmp_path / "saved").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]


def test_a_folder_that_cannot_be_written_is_a_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        recording.write(tmp_path / "nowhere" / "saved", SNAPSHOT, {})
