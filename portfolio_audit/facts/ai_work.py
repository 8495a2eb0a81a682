"""Whether a repository is AI work: a model that learns or answers, a language model that is called, data that flow.

Read from code and manifests, never from a README. The bar is low on purpose: saying of somebody that no AI work was
found is an accusation, saying that some was found costs nothing. So a dependency stated in a manifest is enough, and a
network written without any library counts too.
"""

from typing import ClassVar, Self

from portfolio_audit.facts import paths
from portfolio_audit.facts.ai_clues import KINDS, SHOWN, AiClue, Kind, addressed_providers, ai_clues, telling
from portfolio_audit.facts.ai_imports import FAMILIES
from portfolio_audit.facts.fact import TreeFact
from portfolio_audit.facts.other_code import other_sources
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.facts.words import counted
from portfolio_audit.tree import SourceTree

READABLE = frozenset({"Python", "Jupyter Notebook", *FAMILIES})
"""Languages in which libraries are recognised; of others nothing may be claimed to be absent."""


class AiWork(TreeFact, frozen=True):
    """The AI work of a tree. `kinds` in fixed order, empty if none was found; `evidence` at most four of each kind.

    `addresses` has the first place of each known address of language models (its name), whatever else there is.

    "exercise" is work on a teaching data set of machine learning by whatever means, so that no such notebook is told
    to hold no AI work.

    `language` is the main one by bytes of own code, null without code; `readable` says whether libraries of that
    language are recognised. `searched` is the number of source files looked at.
    """

    version: ClassVar[str] = "15"
    kinds: tuple[Kind, ...] = ()
    evidence: tuple[AiClue, ...] = ()
    addresses: tuple[AiClue, ...] = ()
    language: str | None = None
    readable: bool = True
    searched: int = 0

    @property
    def found(self) -> bool | None:
        """Whether there is AI work: true, false, or null where its absence cannot be claimed."""
        return True if self.kinds else None if self.incomplete or not self.readable else False

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        code = tree.derive(python_code)
        others = tree.derive(other_sources)
        clues = sorted(dict.fromkeys(ai_clues(tree)), key=_order)
        shown = [clue for kind in KINDS for clue in [each for each in clues if each.kind == kind][:SHOWN]]
        language = main_language(tree)
        missed = counted(len(code.unread), "Python file or notebook", "Python files or notebooks")
        unread = f"{missed} could not be read" if code.unread else None
        found = {clue.kind for clue in clues}
        return cls(
            unread,
            tuple(kind for kind in KINDS if kind in found),
            tuple(shown),
            tuple(addressed_providers(clues)),
            language,
            language is None or language in READABLE,
            len(code.all) + len(others),
        )


def _order(clue: AiClue) -> tuple[int, bool]:
    """Those that show the work best first, and of these a call before an import."""
    note = clue.where.note
    return telling(clue), not (": " in note and note.endswith("()"))


def main_language(tree: SourceTree) -> str | None:
    """The language with most bytes of own code; notebooks count a fifth, as most of a stored notebook is no code."""
    size: dict[str, int] = {}
    for file in tree.derive(paths.own_files):
        language = paths.language(file.path)
        if language is not None:
            size[language] = size.get(language, 0) + (file.size // 5 if language == "Jupyter Notebook" else file.size)
    return max(sorted(size), key=size.__getitem__) if size else None
