"""A link that may be opened, as against one that our guard refuses before anything is looked up.

The one parser is httpx's, because it also makes the request: a second parser could read another host out of the same
text. What is left after it is judged by an allow-list of characters, so odd spellings of an address have no way in.
"""

import re
import string

import httpx
import msgspec

from portfolio_audit.sources import address

PORTS = frozenset({80, 443})
LONGEST = 2048
_AUTHORITY_END = re.compile(r"[/?#]")
_NAME_CHARACTERS = frozenset(string.ascii_lowercase + string.digits + "-_.")

# Special-use names (IANA registry, RFC 6761 and later) and the usual names of inner networks.
_CLOSED_SUFFIXES = (
    "alt arpa corp example home internal intranet invalid lan local localdomain localhost onion private test i2p consul"
).split()


class Refused(Exception):
    """Our guard will not open this link; `reason` is one plain line."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Target(msgspec.Struct, frozen=True):
    """A link that passed: `url` is normalised and has no fragment, `host` is ASCII and lower case."""

    url: str
    scheme: str
    host: str
    port: int
    path: str


def parse(link: str) -> Target:
    """Judge a link by its text alone. Raises `Refused`."""
    if len(link) > LONGEST:
        raise Refused("the link is too long")
    if any(character <= " " or character in '\\<>"\x7f' for character in link):
        raise Refused("the link holds characters that no address has")
    try:
        url = httpx.URL(link)
        host = url.raw_host.decode("ascii").lower()
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise Refused("the link is not a valid address") from None
    if url.scheme not in ("http", "https"):
        raise Refused("only http and https links are opened")
    if url.userinfo or "@" in _AUTHORITY_END.split(link.partition("//")[2], maxsplit=1)[0]:
        raise Refused("the link carries a user name or password")
    port = url.port if url.port is not None else (443 if url.scheme == "https" else 80)
    if port not in PORTS:
        raise Refused(f"port {port} is not opened, only 80 and 443")
    host = _checked_host(host)
    clean = url.copy_with(host=host, fragment=None)
    return Target(url=str(clean), scheme=url.scheme, host=host, port=port, path=clean.path)


def join(base: Target, location: str) -> Target:
    """The target of a redirect, judged like a link of its own. Raises `Refused`."""
    if len(location) > LONGEST:
        raise Refused("the link is too long")
    try:
        # A whole address is judged as it was written, before joining tidies it up.
        whole = httpx.URL(location).is_absolute_url
        joined = location if whole else str(httpx.URL(base.url).join(location))
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise Refused("the link is not a valid address") from None
    return parse(joined)


def _checked_host(host: str) -> str:
    literal = address.parse(host)
    if literal is not None:
        reason = address.closed(literal)
        if reason is not None:
            raise Refused(f"the address is {reason}")
        return str(literal)
    host = host.removesuffix(".")
    labels = host.split(".")
    if not set(host) <= _NAME_CHARACTERS or len(host) > 253 or not all(0 < len(label) <= 63 for label in labels):
        raise Refused("the host is not a valid name")
    if len(labels) < 2:
        raise Refused("the host is a name without a domain")
    last = labels[-1]
    # A name whose last part is a number is an IPv4 address in disguise (octal, hexadecimal, too few parts): the
    # URL standard calls this "ends in a number", and resolvers do connect to such spellings.
    if last.isdigit() or last.startswith("0x"):
        raise Refused("the host is an oddly spelled address")
    if any(host.endswith("." + suffix) for suffix in _CLOSED_SUFFIXES):
        raise Refused(f"names under .{last} are not public")
    return host
