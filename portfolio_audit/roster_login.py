"""Logins as people write them into a roster, and pairs of them that look like one person mistyped."""

import re
from collections.abc import Iterator, Sequence

# As the service allows them today and did in earlier years; the underscore is that of managed enterprise accounts.
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:_[A-Za-z0-9]{1,20})?")
_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[A-Za-z]{2,}/([^\s/?#]+)(?:[/?#]\S*)?", re.ASCII)


def login_of(text: str) -> str | None:
    """The login that a name, an @name or the address of a profile or repository stands for; None if none."""
    text = text.strip()
    if len(text) > 2000:
        return None
    address = _ADDRESS.fullmatch(text)
    name = address.group(1) if address else text
    name = name.removeprefix("@")
    return name if _LOGIN.fullmatch(name) else None


def is_marked(text: str) -> bool:
    """Whether a text cannot be anything but a login: an @name, or an address at GitHub."""
    text = text.strip()
    return login_of(text) is not None and (text.startswith("@") or "github" in text.partition("/")[2][:40].casefold())


def near(logins: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of places whose logins are one insertion, deletion, substitution or swap of neighbours apart.

    Those that differ in a digit alone are left out: a class is often numbered. Linear in the number of logins: two
    such texts share a text with one character left out.
    """
    by_shorter: dict[str, list[int]] = {}
    seen: set[tuple[int, int]] = set()
    lowered = [login.casefold() for login in logins]
    for place, login in enumerate(lowered):
        shorter = {login, *(login[:at] + login[at + 1 :] for at in range(len(login)))}
        for text in sorted(shorter):
            for other in by_shorter.get(text, ()):
                if (other, place) not in seen and _mistyped(lowered[other], login):
                    seen.add((other, place))
                    yield other, place
            by_shorter.setdefault(text, []).append(place)


def _mistyped(one: str, other: str) -> bool:
    if one == other:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        substituted = left[1:] == right[1:]
        swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
        return swapped or (substituted and not (left[0].isdigit() and right[0].isdigit()))
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[1:] == shorter and not longer[0].isdigit()
