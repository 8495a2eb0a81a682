"""How much a tutorial may be changed and still be found, and how often engineered code is taken for a tutorial.

    python benchmarks/mutations.py FOLDER… [--innocent FOLDER…] [--files 150] [--shipped]

FOLDERs hold tutorials, each called OWNER+NAME, as for `portfolio-audit corpus build`; an index is made of all of them,
or with --shipped the package's own is asked, from which a background and habits are left out.
Files of at least 250 tokens are drawn by a fixed seed, changed, and looked up. Every file of the innocent folders that
is found is printed. Nothing of either is run.
"""

import argparse
import builtins
import keyword
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from portfolio_audit.cli.corpus import COMMON_OWNERS
from portfolio_audit.facts.copies import is_verbatim, may_be_similar, owner_of, sources_of
from portfolio_audit.facts.fingerprints import Fingerprint, steps
from portfolio_audit.facts.tutorial_index import TutorialIndex, decode, encode, shipped

SEED = 20
SMALLEST = 250
SCRIPTS = (".js", ".jsx", ".mjs", ".ts", ".tsx")
_NAME = re.compile(r"(?<![.\w])[a-z_]\w*\b(?!\s*\()")
_WORDS = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"self", "cls"}


def rename(text: str, chance: random.Random) -> str:
    """Other names for what the author named (imported names excepted, as a copyist cannot change them)."""
    imported = set(re.findall(r"\w+", " ".join(re.findall(r"^[ \t]*(?:from|import)[^\n]*", text, re.MULTILINE))))

    def other(found: re.Match[str]) -> str:
        name = found[0]
        return name if name in _WORDS or name in imported else f"{name}_mine"

    lines = [line if re.match(r"\s*(?:from|import)\b", line) else _NAME.sub(other, line) for line in text.split("\n")]
    return "\n".join(lines)


def reformat(text: str, chance: random.Random) -> str:
    """Other spaces, blank lines and comments; lines broken inside brackets."""
    spaced = re.sub(r"([(\[,])(?=[^\n'\"]*$)", r"\1 ", text, flags=re.MULTILINE)
    return re.sub(r"\n(?=def |class |for )", "\n\n# here\n", spaced)


def literals(text: str, chance: random.Random) -> str:
    """Other numbers, other words in strings."""
    return re.sub(
        r"(?<![\w.])\d+\b", lambda found: str(int(found[0][:6]) + 7), re.sub(r"(?<=['\"])\w+(?=['\"])", "zz", text)
    )


def insert(text: str, chance: random.Random) -> str:
    """A print after 15 % of the lines."""
    return "\n".join(line + ("\nprint('here', 1)" if chance.random() < 0.15 else "") for line in text.split("\n"))


def delete(text: str, chance: random.Random) -> str:
    """Without 20 % of the lines."""
    return "\n".join(line for line in text.split("\n") if chance.random() >= 0.2)


def shuffle(text: str, chance: random.Random) -> str:
    """Top-level blocks in another order."""
    blocks = re.split(r"\n(?=\S)", text)
    size = max(1, len(blocks) // 12)
    groups = ["\n".join(blocks[start : start + size]) for start in range(0, len(blocks), size)]
    chance.shuffle(groups)
    return "\n".join(groups)


def all_of_it(text: str, chance: random.Random) -> str:
    """Renamed, with prints, and shuffled."""
    return shuffle(insert(rename(text, chance), chance), chance)


CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "none": lambda text, _: text,
    "rename": rename,
    "reformat": reformat,
    "literals": literals,
    "insert": insert,
    "delete": delete,
    "shuffle": shuffle,
    "rename, insert, shuffle": all_of_it,
}


def sources(folder: Path, suffixes: tuple[str, ...] = (".py",)) -> Iterator[tuple[Path, str]]:
    """The files below a folder with these endings as text."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in suffixes and path.is_file() and not path.is_symlink() and path.stat().st_size <= 1 << 20:
            yield path, path.read_text("utf-8", "replace")


class Answer(NamedTuple):
    """Whether a text is found at all, whether near-verbatim, and the origin that it is said to come from."""

    any: bool
    verbatim: bool
    origin: str


def found(text: str, index: TutorialIndex, language: str = "Python") -> Answer:
    """What the index says of a text."""
    if not may_be_similar(text.encode(), index):
        return Answer(False, False, "")
    fingerprint = Fingerprint(text, language)
    best = next(iter(sources_of(fingerprint, index)), None)
    if best is None:
        return Answer(False, False, "")
    return Answer(True, is_verbatim(best.tokens, len(fingerprint.codes)), best.origin)


def made_of(texts: list[tuple[str, str]]) -> TutorialIndex:
    """An index of these texts by their origins, without a background."""
    origins = sorted({origin for origin, _ in texts})
    grams: dict[int, set[int]] = {}
    taken: set[int] = set()
    for origin, text in texts:
        taken |= steps(text.encode())
        for gram in Fingerprint(text).winnowed():
            grams.setdefault(gram, set()).add(origins.index(origin))
    kept = {gram: known for gram, known in grams.items() if len(known) < COMMON_OWNERS}
    return decode(encode(dict.fromkeys(origins, ""), kept, {}, taken))


def main() -> int:
    """Measure and print. Returns 1 if nothing was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--innocent", nargs="*", type=Path, default=[])
    parser.add_argument("--shipped", action="store_true", help="look up in the shipped index")
    parser.add_argument("--files", type=int, default=150)
    options = parser.parse_args()
    texts = [(folder.name.replace("+", "/", 1), text) for folder in options.folders for _, text in sources(folder)]
    index = shipped() if options.shipped else made_of(texts)
    drawn = [(origin, text) for origin, text in texts if len(Fingerprint(text).codes) >= SMALLEST]
    random.Random(SEED).shuffle(drawn)
    drawn = drawn[: options.files]
    for name, change in CHANGES.items() if drawn else ():
        answers = [(origin, found(change(text, random.Random(SEED)), index)) for origin, text in drawn]
        all_ = len(answers)
        near = sum(answer.verbatim for _, answer in answers) / all_
        any_ = sum(answer.any for _, answer in answers) / all_
        owner = sum(owner_of(answer.origin) == owner_of(origin) for origin, answer in answers) / all_
        print(f"{name:26} near-verbatim {near:.3f}   found {any_:.3f}   right owner {owner:.3f}   ({all_} files)")
    innocent = [pair for folder in options.innocent for pair in sources(folder, (".py", *SCRIPTS))]
    wrong = []
    for path, text in innocent:
        answer = found(text, shipped(), "Python" if path.suffix == ".py" else "JavaScript")
        if answer.any:
            wrong.append((str(path), answer))
    if innocent:
        print(f"engineered code: {len(wrong)} of {len(innocent)} files found", *wrong, sep="\n  ")
    return 0 if drawn or innocent else 1


if __name__ == "__main__":
    raise SystemExit(main())
