"""Addresses that show the same lines for ever: those of a commit."""

from urllib.parse import quote, urlsplit

from portfolio_audit.snapshot import RepositoryRecord

_RENDERED = (".md", ".markdown", ".rst", ".ipynb", ".adoc")


def permanent(record: RepositoryRecord, path: str, line: int | None, end_line: int | None) -> str | None:
    """The address of these lines at the commit that was read, or None where there is none."""
    if not is_web(record.url) or not record.head:
        return None
    lines = "" if line is None else f"#L{line}" if end_line in (None, line) else f"#L{line}-L{end_line}"
    plain = "?plain=1" if lines and path.lower().endswith(_RENDERED) else ""
    return f"{(record.url or '').rstrip('/')}/blob/{record.head}/{quote(path)}{plain}{lines}"


def is_web(url: str | None) -> bool:
    """Whether an address may be opened in a browser."""
    return url is not None and urlsplit(url).scheme in ("http", "https")
