"""What every part of a world is, and the file: one entry of a git tree."""

from __future__ import annotations

import base64

from msgspec import Struct


class Value(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A frozen part of a world; an unknown name in YAML is an error."""


class File(Value, frozen=True, kw_only=True):
    """One entry of a tree; give exactly one of text, base64, symlink or submodule (a commit oid)."""

    text: str | None = None
    base64: str | None = None
    symlink: str | None = None
    submodule: str | None = None
    executable: bool = False

    @property
    def content(self) -> bytes:
        """The blob's bytes (a link's target for a symlink)."""
        if self.base64 is not None:
            return base64.b64decode(self.base64)
        return (self.symlink or self.text or "").encode()

    @property
    def mode(self) -> str:
        """The mode as git writes it into a tree."""
        if self.submodule:
            return "160000"
        return "120000" if self.symlink else "100755" if self.executable else "100644"

    @classmethod
    def of(cls, content: str | bytes | File) -> File:
        """A file from text, from bytes, or as it is."""
        if isinstance(content, File):
            return content
        return cls(text=content) if isinstance(content, str) else cls(base64=base64.b64encode(content).decode())
