"""Finding words of many languages in headings and sentences, without patterns that could run away.

An entry of a vocabulary is a word or phrase; a star at its end stands for any ending ("instal*" finds "Installing" and
"instalación"), and an entry in a script without spaces is found anywhere.
"""

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

_SPACED = {code: " " for code in range(128) if not chr(code).isalnum()}

Language = Literal["en", "es", "pt", "fr", "de", "it", "nl", "tr", "zh", "ja", "ko", "ru", "ar", "other"]


@lru_cache(maxsize=16)
def load_table(name: str) -> dict[str, Any]:
    """A table of the package's data folder."""
    return tomllib.loads(resources.files("portfolio_audit").joinpath("data", f"{name}.toml").read_text("utf-8"))


@lru_cache(maxsize=16)
def load_vocabularies(name: str) -> dict[str, tuple[str, ...]]:
    """The vocabularies of a data table, by name."""
    return {key: vocabulary(text) for key, text in load_table(name).items()}


def vocabulary(text: str) -> tuple[str, ...]:
    """The entries of a text, separated by commas and folded as `mentions` looks for them."""
    return tuple(_entry(entry) for entry in text.split(",") if entry.strip())


def _entry(entry: str) -> str:
    folded = fold(entry)
    if any(0x2E80 <= ord(letter) <= 0xD7FF or 0x1100 <= ord(letter) <= 0x11FF for letter in folded):
        return folded.strip()
    return folded.rstrip() if entry.rstrip().endswith("*") else folded


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Lower case, without accents, every run of anything but letters and digits one space, spaces at both ends."""
    if text.isascii():
        return f" {' '.join(text[:4_000].lower().translate(_SPACED).split())} "
    plain = unicodedata.normalize("NFKD", text[:4_000].casefold())
    kept = (letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return f" {' '.join(''.join(kept).split())} "


def mentions(text: str, entries: tuple[str, ...]) -> str | None:
    """The first entry that the text holds, or None."""
    folded = fold(text)
    return next((entry.strip() for entry in entries if entry in folded), None)


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 file", "3 files", "2 own repositories"."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def sample(left_out: int) -> str:
    """What is said after a figure if so many files were left out of a sample: nothing for none."""
    return f" (a sample, without {counted(left_out, 'more file')})" if left_out else ""


def joined(names: Iterable[str]) -> str:
    """Names as a sentence has them: "a, b and c"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def count_words(text: str) -> int:
    """Words of a text. Without spaces two letters count as one word, in Thai, Lao, Burmese and Khmer four."""
    if text.isascii():
        return sum(1 for word in text.split() if word.isalnum() or any(map(str.isalnum, word)))
    east = sum(1 for letter in text if 0x2E80 <= ord(letter) <= 0xD7FF)
    south = sum(1 for letter in text if _is_southern(ord(letter)))
    spaced = sum(
        1
        for word in text.split()
        if any(letter.isalnum() and ord(letter) < 0x2E80 and not _is_southern(ord(letter)) for letter in word)
    )
    return spaced + (east + 1) // 2 + (south + 3) // 4


def _is_southern(code: int) -> bool:
    return 0xE00 <= code < 0xF00 or 0x1000 <= code < 0x10A0 or 0x1780 <= code < 0x1800


_COMMON: dict[Language, frozenset[str]] = {
    "en": frozenset("the and of to is for with this in that are you it from on by an be as".split()),
    "es": frozenset("el la los las de que y en un una para con del se por es este como".split()),
    "pt": frozenset("o a os as de que e em um uma para com do da no na por foi este como nao".split()),
    "fr": frozenset("le la les des et de un une pour avec dans du est ce cette qui sur par".split()),
    "de": frozenset("der die das und ist mit fur ein eine zu den von im auf werden nicht dieses".split()),
    "it": frozenset("il la le gli di che e un una per con del della nel questo come sono".split()),
    "nl": frozenset("de het een en van voor met dit op te zijn is niet wordt door".split()),
    "tr": frozenset("ve bir bu icin ile olarak da de veri projesi gibi olan".split()),
}  # fmt: skip


def guess_language(text: str) -> Language | None:
    """The language most of the text is written in: by script, else by the commonest small words. None if too short.

    "other" is a script for which there are no word lists (Greek, Hebrew, Devanagari, Thai and more).
    """
    sample = text[:20_000]
    scripts = {"kana": 0, "han": 0, "hangul": 0, "cyrillic": 0, "arabic": 0, "latin": 0, "other": 0}
    for letter, times in Counter(sample).items():
        code = ord(letter)
        if code < 0x250:
            scripts["latin"] += times if letter.isalpha() else 0
        elif 0x3040 <= code <= 0x30FF:
            scripts["kana"] += times
        elif 0x4E00 <= code <= 0x9FFF:
            scripts["han"] += times
        elif 0xAC00 <= code <= 0xD7A3:
            scripts["hangul"] += times
        elif 0x400 <= code <= 0x4FF:
            scripts["cyrillic"] += times
        elif 0x600 <= code <= 0x6FF:
            scripts["arabic"] += times
        elif 0x370 <= code < 0x2000 or 0xA800 <= code < 0xAC00:
            scripts["other"] += times
    latin = scripts["latin"]
    # A letter of these scripts carries several times what a Latin one does, and technical terms stay Latin.
    if scripts["kana"] * 6 > latin and scripts["kana"] > 5:
        return "ja"
    for script, language in (("han", "zh"), ("hangul", "ko"), ("cyrillic", "ru"), ("arabic", "ar"), ("other", "other")):
        if scripts[script] * 4 > latin and scripts[script] > 5:
            return language  # type: ignore[return-value]
    words = fold(sample[:4_000]).split()
    counts = {language: sum(word in common for word in words) for language, common in _COMMON.items()}
    best = max(counts, key=lambda language: counts[language])
    if counts[best] < 2:
        return "en" if len(words) > 3 and sample.isascii() else None
    return best
