"""Compiled templates are kept where Python keeps compiled modules, and nothing depends on them."""

import importlib
import sys
import tempfile
from pathlib import Path

import jinja2
import pytest

from portfolio_audit.report.compiled import compiled

PACKAGE = "waxen_templates"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a package with one template keeps what is compiled."""
    package = tmp_path / PACKAGE
    folder = package / "__pycache__"
    folder.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "page.j2").write_text("{{ bees }} bees")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    importlib.invalidate_caches()
    monkeypatch.delitem(sys.modules, PACKAGE, raising=False)
    return folder


def page(**options: bool) -> str:
    templates = jinja2.Environment(loader=jinja2.PackageLoader(PACKAGE, ""), autoescape=True, **options)  # type: ignore[arg-type]
    templates.bytecode_cache = compiled(PACKAGE, templates)
    return templates.get_template("page.j2").render(bees="<3>")


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jinja"))


def test_a_template_is_compiled_once(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page() == "&lt;3&gt; bees"
    assert len(files(kept)) == 1
    monkeypatch.delattr(jinja2.Environment, "_generate")
    assert page() == "&lt;3&gt; bees"


def test_a_changed_template_is_compiled_anew(kept: Path) -> None:
    page()
    (kept.parent / "page.j2").write_text("{{ bees }} wasps")
    assert page() == "&lt;3&gt; wasps"


def test_other_options_have_files_of_their_own(kept: Path) -> None:
    page()
    page(trim_blocks=True)
    assert len(files(kept)) == 2


@pytest.mark.parametrize("content", [b"", b"j2", b"no bytecode", b"\x00" * 4000])
def test_a_damaged_file_is_compiled_anew(kept: Path, content: bytes) -> None:
    page()
    (only,) = files(kept)
    whole = only.read_bytes()
    for damaged in (content, whole[: len(whole) // 2]):
        only.write_bytes(damaged)
        assert page() == "&lt;3&gt; bees"
        assert only.read_bytes() == whole


def test_what_cannot_be_read_or_written_is_compiled_anew(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page()
    (only,) = files(kept)
    only.unlink()
    only.symlink_to(only.name)

    def full(**options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)
    assert page() == "&lt;3&gt; bees"


def test_nothing_is_kept_where_python_was_told_to_write_nothing(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert page() == "&lt;3&gt; bees"
    assert not files(kept)


def test_without_a_folder_nothing_is_kept(kept: Path) -> None:
    kept.rmdir()
    assert compiled(PACKAGE, jinja2.Environment(autoescape=True)) is None
    assert page() == "&lt;3&gt; bees"
