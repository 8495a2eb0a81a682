"""Where results go."""

from pathlib import Path

import pytest

from portfolio_audit.cli.output import Destination, plan, write_file
from portfolio_audit.errors import UsageError


def test_the_default_is_a_page_and_a_summary() -> None:
    page, summary = plan((), None, name="ada-invented")
    assert page == Destination("html", Path("portfolio-audit-ada-invented.html"))
    assert summary == Destination("text", None)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "\x1b[31m", "..", ""])
def test_a_name_never_leaves_the_folder(name: str) -> None:
    path = plan((), None, name=name)[0].path
    assert path is not None
    assert path.parent == Path()


@pytest.mark.parametrize(
    ("formats", "output", "expected"),
    [
        (("json",), None, [Destination("json", None)]),
        (("json=a.json", "text"), None, [Destination("json", Path("a.json")), Destination("text", None)]),
        (("json",), "b.json", [Destination("json", Path("b.json"))]),
        ((), "c.json", [Destination("json", Path("c.json"))]),
        ((), "-", [Destination("text", None)]),
        (("json=-",), "b.json", [Destination("json", None)]),
    ],
)
def test_formats_and_output_choose(formats: tuple[str, ...], output: str | None, expected: list[Destination]) -> None:
    assert list(plan(formats, output, name="x")) == expected


@pytest.mark.parametrize(
    ("formats", "output"),
    [(("pdf",), None), (("json", "html"), None), (("json", "html"), "one.file"), (("json=nowhere/x.json",), None)],
)
def test_what_cannot_be_is_refused_before_any_work(
    formats: tuple[str, ...], output: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError):
        plan(formats, output, name="x")


def test_a_folder_is_no_destination(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        plan((f"json={tmp_path}",), None, name="x")


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    path = folder / "report.json"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portfolio_audit.cli.output.os.fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [found.name for found in folder.iterdir()] == ["report.json"]
