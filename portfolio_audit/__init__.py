"""Audit a person's public GitHub work by the criteria of a published guide, with evidence."""

__version__ = "0.1.0"
