"""Keys and tokens in a text, by what they look like. A value is never kept: what is told is the line and the kind.

A text meets one pass of one pattern first, which finds where a value could begin (a known prefix, or a long run after a
quote or an equals sign). Only there is it compared with the table of kinds. What is made to be filled in, and what the
documentation of a service shows as an example, is innocent.
"""

import base64
import heapq
import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise

from portfolio_audit.facts.words import load_table
from portfolio_audit.snapshot import Value

MOST_LOOKED_AT = 5_000
"""Places of one text that are looked at; a text with more of them is data, and nobody wrote a key into it by hand."""

ENTROPY = 3.4
"""Bits per character that a value has at least. Random letters and digits of 32 characters have about 4.3, random
hexadecimal ones 3.5, and words and phrases mostly below 3.3 (gitleaks asks for 3 to 3.5 of most kinds)."""

HEX_ENTROPY = 3.0
NAMED_LEAST = 20
LONG_LINE = 2_000
"""Characters after which a line is minified code or data, where names say little."""
SHORT_VALUE, LONG_WORD = 60, 6
"""A value longer than the first may hold a word shorter than the second by chance."""

_NAME = re.compile(
    r"(?i)([\w.-]{0,40}(?:api|secret|access|auth|bearer|private|account|subscription|personal|service|app|bot|user|consumer|"
    r"ngrok|kaggle|wandb|openai|cohere|pinecone|serp|weather|groq|gemini|azure|mistral|rapid|news|tmdb|spotify|twitter|reddit)"
    r"[_-]{0,2}(?:access|secret)?[_-]{0,2}(?:key|token|secret)[\w-]{0,12}|[\w.-]{0,40}client[_-]?secret|"
    r"[\w.-]{0,40}_password|"
    r"wandb\.login\(\s{0,4}key)"
    r"[\"']?\]?\s{0,4}(?::\s{0,2}str\s{0,2})?(?:=|:|,|=>|:=|\()\s{0,4}[\"'`]?$"
)
_SAID = ("key", "token", "secret", "_password")
"""One of these is in all that the pattern above finds, which takes long to look for."""

_NAMED = re.compile(rf"[A-Za-z0-9]{{{NAMED_LEAST},128}}+(?![\w.(+/-])")
_DASHED = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]{{{NAMED_LEAST - 1},127}}+(?![\w.(+/-])")
_ENCODED = re.compile(r"[A-Za-z0-9+/]{40,128}+={0,2}(?=[\"'])")
"""A signing key as `openssl rand -base64` makes it; shorter ones may be paths."""

_ACCOUNT = re.compile(
    r"(mongodb(?:\+srv)?|postgres(?:ql)?|mysql|redis|amqps?)(?:\+\w{1,20})?://[\w.%-]{0,60}:([^\s:@/\"'<>{}$]{8,80})@"
    r"([\w.-]{4,120})"
)
_TEXT = re.compile(rb"[\x20-\x7e\s]+")
_MEANT = re.compile(
    r"(?:your|my|the|new|old|users?|db|database|mongo|mongodb|atlas|admin|root|secret|some|real|actual)|pass(?:word)?|[_-]"
)
"""What a stand-in for a password is put together from."""
_LOCAL = re.compile(
    r"(?i)localhost|^127\.|^0\.0\.|^10\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|example|"
    r"\.(?:local|internal|test|invalid)$|^[\d.]{0,6}$"
)
_GIVEN = re.compile(
    r"(?i)\.([a-z0-9]{5,7})\.mongodb\.net$|\.(?:neon\.tech|supabase\.com?|rds\.amazonaws\.com|cockroachlabs\.cloud|"
    r"aivencloud\.com|upstash\.io|rlwy\.net|render\.com)$"
)
"""Hosts that a provider gives to one customer: a password beside one is meant, even one without digits."""

_PRIVATE = re.compile(
    r"-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED) )?PRIVATE KEY-----(?:\\n|\s){1,4}([A-Za-z0-9+/=]{40,80})"
)
_OF_A_TEST = re.compile(r"(?i)localhost|test|example|dummy|sample|snakeoil|fake|mock|fixture")
_OF_WORDS = re.compile(r"(?:(?:[a-z]+|[A-Z]+|[A-Z][a-z]+)\d*|\d+)(?:_+(?:(?:[a-z]+|[A-Z]+|[A-Z][a-z]+)\d*|\d+))+")
"""A name of a program, which without quotes stands for a value and is none."""
_MIXED = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile(r"\d\D*\d"))
_BOT = re.compile(r"\d{8,10}:AA[\w-]{33}(?![\w-])")
_NGROK = re.compile(r"[1-3][A-Za-z0-9]{26}_\d[A-Za-z0-9]{20}(?![\w-])")
"""Begins with an identifier in the order of time (KSUID), which has 27 characters (the rule of trufflehog)."""

_AUTHTOKEN = re.compile(r"authtoken {1,4}(?=[1-3])")
"""`ngrok authtoken …`, the one command whose value commonly stands without a quote or an equals sign."""

PIECE = 16
"""Characters that one piece of a value with dashes has at least, in letters of both cases and digits. Names of models,
files and packages and identifiers (UUID) are made of shorter pieces or of words."""


class _Kind(Value, frozen=True):
    name: str
    pattern: re.Pattern[str]
    holds: str
    entropy: float


def find_secrets(text: str) -> Iterator[tuple[int, str]]:
    """Each line (from 1) that holds what looks like a secret, with its kind ("an OpenAI key"), in order of lines.

    The text may be a program, a configuration or a notebook's source. Nothing of the value is told. At most one kind a
    line. What only looks like a secret in a text about secrets (a prefix, a masked value, a name to fill in) is none.
    """
    line, position, told = 1, 0, 0
    bare = _AUTHTOKEN.finditer(text) if "authtoken " in text else ()
    places = heapq.merge(_begins().finditer(text), bare, key=lambda found: found.end())
    for found in islice(places, MOST_LOOKED_AT):
        start = found.end()
        kind = _kind_at(text, start)
        if kind is None:
            continue
        line += text.count("\n", position, start)
        position = start
        if line != told:
            told = line
            yield line, kind


@cache
def _kinds() -> dict[str, tuple[_Kind, ...]]:
    """The kinds by what their values begin with."""
    table = load_table("secrets")
    kinds: dict[str, list[_Kind]] = {}
    for entry in table["kind"]:
        alphabet, least, most = table["alphabets"][entry["alphabet"]], entry["least"], entry["most"]
        entropy = entry.get("entropy", HEX_ENTROPY if entry["alphabet"] == "hex" else ENTROPY)
        for begins in entry["begins"]:
            pattern = re.compile(rf"{re.escape(begins)}({alphabet}{{{least},{most}}}+)(?!{alphabet})")
            kinds.setdefault(begins, []).append(_Kind(entry["name"], pattern, entry.get("holds", ""), entropy))
    return {begins: tuple(each) for begins, each in kinds.items()}


@cache
def _begins() -> re.Pattern[str]:
    """Where a value may begin: after what stands before values, a known beginning or a long run."""
    known = "|".join(re.escape(begins) for begins in sorted(_kinds(), key=len, reverse=True))
    shaped = r"-----BEGIN |mongodb|postgres|mysql:|mysql\+|redis:|amqps?:|\d{8,10}:AA"
    others = rf"{shaped}|[A-Za-z0-9][A-Za-z0-9_-]{{{NAMED_LEAST - 1}}}"
    # The length is asked for first: most of what stands after a quote or a slash is a short word.
    return re.compile(rf"[\"'=:`/>] ?(?=-----BEGIN |[A-Za-z0-9_:/.+=-]{{20}})(?={known}|{others})")


@cache
def _beginnings() -> tuple[str, ...]:
    return tuple(_kinds())


def _kind_at(text: str, start: int) -> str | None:
    for begins, kinds in _kinds().items() if text.startswith(_beginnings(), start) else ():
        if text.startswith(begins, start):
            for kind in kinds:
                found = kind.pattern.match(text, start)
                if found and kind.holds in found[1] and not is_placeholder(found[1], kind.entropy):
                    return None if begins == "AIza" and _near(text, start, "public") else kind.name
    return _shaped(text, start) or _named(text, start)


def _shaped(text: str, start: int) -> str | None:
    """A private key, the password of a database that is open to the world, the token of a bot or a tunnel."""
    letter = text[start]
    if letter == "-":
        found = _PRIVATE.match(text, start)
        before = text[max(0, start - 200) : start]
        return "a private key" if found and not _OF_A_TEST.search(before) else None
    if letter in "mpra":
        found = _ACCOUNT.match(text, start)
        return (
            f"a password of a {found[1].partition('+')[0]} database" if found and _is_open(found[2], found[3]) else None
        )
    if letter.isdigit():
        for pattern, kind in ((_BOT, "a Telegram bot token"), (_NGROK, "an ngrok token")):
            found = pattern.match(text, start)
            if found and not is_placeholder(found[0][12:], ENTROPY):
                return kind
    return None


def _named(text: str, start: int) -> str | None:
    """A long random value that the code itself calls a key or a token."""
    found = _NAMED.match(text, start) or _DASHED.match(text, start) or _ENCODED.match(text, start)
    if found is None:
        return None
    value = found[0]
    if start > LONG_LINE and "\n" not in text[start - LONG_LINE : start]:
        return None
    before = text[max(0, start - 90) : start].rpartition("\n")[2]
    folded = before.casefold()
    name = _NAME.search(before) if any(word in folded for word in _SAID) else None
    if name is None or _is_harmless(name[1].lower()) or _near(text, start, "search"):
        return None
    if "_" in value and text[start - 1] not in "\"'`" and _OF_WORDS.fullmatch(value):
        return None
    if not value.isalnum() and not _is_dashed(value) and "secret_key" not in name[1].lower():
        return None
    digits = sum(letter.isdigit() for letter in value)
    plain = re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", value) is not None
    if digits < 3 or digits > len(value) - 3 or is_placeholder(value, HEX_ENTROPY if plain else ENTROPY):
        return None
    return "a password" if name[1].lower().endswith("_password") else "an API key or token"


def _is_harmless(name: str) -> bool:
    """Whether a name says that the value is no secret; a tracking key is public, a tracking server's password not."""
    return any(word in name.removesuffix("tracking_password") for word in _words("names"))


def _is_dashed(value: str) -> bool:
    """Whether a value of letters, digits, dashes and underscores has a piece that no word or identifier is."""
    if not _DASHED.fullmatch(value):
        return False
    pieces = re.split("[_-]", value)
    return any(len(piece) >= PIECE and all(kind.search(piece) for kind in _MIXED) for piece in pieces)


def _is_open(password: str, host: str) -> bool:
    """Whether a connection leads to a host of the internet with a password that is no stand-in."""
    if "." not in host or _LOCAL.search(host):
        return False
    given = _GIVEN.search(host)
    if given is not None and not (given[1] and _is_regular(given[1])):
        bare = password.lower().strip("0123456789_!#*.-")
        # At a host of somebody's own a name before "password" is a password; before it stands only who is meant.
        meant = _MEANT.sub("", bare)
        words = (word for word in _words("words") if word != "password" and ("pass" in word or len(word) >= LONG_WORD))
        known = not meant or bare in _words("words") or any(word in bare for word in words)
        return not known and entropy(password) >= 2
    return not is_placeholder(password, 2.5) and any(letter.isdigit() for letter in password)


def _near(text: str, start: int, words: str) -> bool:
    """Whether one of these words stands near a value and says that it is meant to be public."""
    near = text[max(0, start - 600) : start + 600].lower()
    return any(word in near for word in _words(words))


def is_placeholder(value: str, least: float) -> bool:
    """Whether a value is made to be filled in, or less random than `least` bits a character (Shannon)."""
    lower = _plain(value).lower()
    if any(word in lower for word in _words("words") if len(word) >= LONG_WORD or len(value) <= SHORT_VALUE):
        return True
    return _is_regular(value) or entropy(value) < least


def _is_regular(value: str) -> bool:
    """Whether most letters are the one before or its neighbour: xxxxx, abcde, 12345."""
    return sum(1 for one, two in pairwise(value) if abs(ord(two) - ord(one)) <= 1) > len(value) / 2


def _plain(value: str) -> str:
    """The text behind a value in base64, as manifests of Kubernetes have it; any other value as it is."""
    try:
        behind = base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except ValueError:
        return value
    return behind.decode() if _TEXT.fullmatch(behind) else value


def entropy(value: str) -> float:
    """Bits per character of the value's own letters (Shannon 1948)."""
    total = len(value)
    return -sum(count / total * math.log2(count / total) for count in Counter(value).values()) if total else 0.0


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple(word.strip().lower() for word in load_table("secrets")["innocent"][name].split(",") if word.strip())
