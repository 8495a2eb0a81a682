"""Reports in which every text is an attack."""

from collections.abc import Callable
from typing import Any, Literal, get_args, get_origin

import msgspec

PAYLOADS = (
    "<script>window.ran=1;alert(1)</script>",
    "</script><script>window.ran=1</script>",
    "</style><style>*{display:none}</style>",
    "<svg onload=window.ran=1><a xlink:href=javascript:alert(1)>x</a></svg>",
    "<img src=x onerror=window.ran=1>",
    '" onmouseover="window.ran=1" x="',
    "' autofocus onfocus='window.ran=1",
    "--><iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "{{ 7 * 7 }}{% raw %}{# x #}${7*7}",
    "\u202egnp.exe\u202c \u2066over\u2069 \u200b\ufeff\u2028\u2029\x00\x07\x1b[2J\x1b]0;title\x07\x9b31m\r\n\t",
    "</title></head></bdi></details></main><base href=https://example.org/><meta http-equiv=refresh content=0;url=//x>",
    "A" * 10_000,
    "e" + "\u0301" * 400,
    "\ud83d\U000e0041\U0001f469\u200d\U0001f680 \u5b57",
    "]]><!--<![CDATA[",
)
ADDRESSES = (
    "javascript:window.ran=1",
    "JaVaScRiPt://example.org/%0awindow.ran=1",
    "data:text/html,<script>parent.ran=1</script>",
    "https://user:pass@example.org/",
    'https://example.org/"onmouseover="window.ran=1',
    "https://example.org/?a=1&b=<svg onload=window.ran=1>",
    "https:\\\\example.org\\x",
    " https://example.org/",
    "https://example.org/\u202egpj.exe",
    "//example.org/x",
    "file:///etc/passwd",
    "https://example.org/ok?q='\"><script>window.ran=1</script>",
    "http://[::1",
)


def rewritten(value: Any, text: Callable[[str], str], address: Callable[[str], str]) -> Any:
    """The value with every text in it replaced; those of fields named `url` by `address`. Fixed words stay."""
    if isinstance(value, msgspec.Struct):
        kinds = {field.name: field.type for field in msgspec.structs.fields(value)}
        return type(value)(
            **{
                name: getattr(value, name)
                if get_origin(kind) is Literal or Literal in {get_origin(part) for part in get_args(kind)}
                else _one(name, getattr(value, name), text, address)
                for name, kind in kinds.items()
            }
        )
    if isinstance(value, tuple):
        return tuple(rewritten(item, text, address) for item in value)
    if isinstance(value, dict):
        return {text(key): rewritten(item, text, address) for key, item in value.items()}
    return text(value) if isinstance(value, str) else value


def _one(name: str, value: Any, text: Callable[[str], str], address: Callable[[str], str]) -> Any:
    if name == "url" and isinstance(value, str):
        return address(value)
    return rewritten(value, text, address)


class Numbered:
    """Hands out the texts in turn, each with a number of its own; equal texts stay equal."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self._texts = texts
        self._given: dict[str, str] = {}

    def __call__(self, old: str) -> str:
        if old not in self._given:
            number = len(self._given)
            self._given[old] = f"{number} {self._texts[number % len(self._texts)]}"
        return self._given[old]


class InTurn(Numbered):
    """The same without a number."""

    def __call__(self, old: str) -> str:
        if old not in self._given:
            self._given[old] = self._texts[len(self._given) % len(self._texts)]
        return self._given[old]


def hostile(report: Any) -> Any:
    """The report with an attack in every text and address."""
    return rewritten(report, Numbered(PAYLOADS), InTurn(ADDRESSES))


def harmless(report: Any) -> Any:
    """The same report with a short word in every text, and no address that may be followed."""
    return rewritten(report, Numbered(("word",)), InTurn(("nowhere",)))


def unfollowable(report: Any) -> Any:
    """An attack in every text and, as address, one that must not be followed."""
    return rewritten(report, Numbered(PAYLOADS), InTurn(ADDRESSES[:4]))
