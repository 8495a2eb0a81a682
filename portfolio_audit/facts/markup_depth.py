"""A bound on how deep HTML is nested, before a parser that takes quadratic time in the depth sees it."""

import re

DEPTH_LIMIT = 100
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]{0,40})")
_FLAT = frozenset("p li td th tr dt dd br hr img input meta link source wbr area base col embed track".split())


def bound_depth(html: str) -> str:
    """The HTML with tags beyond a depth of 100 made into text: the parser takes quadratic time in the depth.

    256 KiB of `>` took it 300 CPU seconds. Elements that close themselves do not count.
    """
    depth = 0

    def bound(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2].lower() in _FLAT:
            return match[0]
        if match[1]:
            depth = max(depth - 1, 0)
        elif depth >= DEPTH_LIMIT:
            return "&lt;" + match[2]
        else:
            depth += 1
        return match[0]

    return _TAG.sub(bound, html)
