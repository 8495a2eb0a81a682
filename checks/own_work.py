"""Own work: the code is the owner's, not a tutorial's typed in again."""

from portfolio_audit.api import Location, Outcome, check, failed, not_applicable, partial, passed, unknown
from portfolio_audit.facts.code_size import PIPELINE
from portfolio_audit.facts.following import Following
from portfolio_audit.facts.own_work import ASIDE, MOSTLY, OwnWork, SimilarFile
from portfolio_audit.facts.readme import Readme
from portfolio_audit.facts.standing import Coursework
from portfolio_audit.facts.words import counted, joined, sample

FIX = (
    "Solve another problem than the tutorial does, on data that you chose, and write that code yourself; "
    "or add a twist of your own that outweighs what you took, and say in the README what came from where."
)
OTHERS = ("other languages",)
NAMED = 3
"""Similar files that the advice names."""


@check(id="work-own", title="The code is no tutorial's")
def is_own(work: OwnWork) -> Outcome:
    """Readers have seen the well-known tutorials many times; typed in again they show that somebody can type."""
    if work.ancestry:
        made = "made from the template" if work.generated else "a fork of"
        return failed(f"{made} {work.ancestry}, without a commit of its own since", fix=FIX, effort="days")
    places = [_place(file) for file in work.files[:6]]
    if work.incomplete and work.verdict is None:
        return unknown(f"could not be read: {work.incomplete}", evidence=places)
    if work.verdict is None or work.share is None:
        others = joined(work.others or OTHERS).replace(PIPELINE, "pipeline definitions")
        return not_applicable(f"not compared with tutorials: most of the code is in {others}")
    looked_up = f"{counted(work.compared, 'file')} of code{sample(work.sampled)}"
    searched = f"{looked_up}, compared with well-known tutorials and courses"
    if work.verdict == "original":
        return passed(_original(work), evidence=places[:3], searched=searched)
    said = _similar(work, work.share)
    if work.verdict == "mostly":
        return failed(said, fix=FIX, effort="days", evidence=places)
    if work.share >= MOSTLY:
        return partial(1 - work.share, said, fix=FIX, effort="days", evidence=places)
    return partial(1 - work.share, said, fix=_mend(work.files), effort="hours", evidence=places)


@check(id="work-not-followed", title="The README presents a project, not a tutorial that was followed")
def is_not_followed(readme: Readme, following: Following | None, course: Coursework | None) -> Outcome:
    """Saying whose tutorial it is is honest, and tells the reader that the idea and the steps were given."""
    if course is not None and course.notes:
        return not_applicable("notes of a course, which claim to be no project")
    if following is None and readme.template:
        return not_applicable(f"the README is the one that comes with {readme.template}")
    if following is None:
        return passed("does not say that it follows a tutorial", evidence=Location(readme.path), searched=readme.path)
    said = f"says it follows {following.name or 'a tutorial'}: “{following.sentence}”"
    return failed(said, fix=FIX, effort="days", evidence=following.where)


def _original(work: OwnWork) -> str:
    """What is said of own code, in which a short stretch may be a tutorial's."""
    languages = [each for each in work.others if each not in ASIDE]
    beside = f"; {joined(languages)} not compared" if languages else ""
    if not work.files:
        return f"no long stretches shared with well-known tutorials{beside}"
    share = f"{work.share:.0%}" if work.share and work.share >= 0.005 else "less than 1%"
    return f"its own: {share} of the code is similar to {', '.join(work.origins[:3])}, which is little{beside}"


def _similar(work: OwnWork, share: float) -> str:
    """How much of which code is similar to what."""
    at_once = {1: "; all of it came in one commit", 2: "; all of it came in two commits"}.get(work.commits or 0, "")
    code = f"the code that could be read (all but {work.incomplete})" if work.incomplete else "the code"
    of = f"{share:.0%} of {code} is"
    if work.outside is not None:
        of = f"{work.outside:.0%} of the code outside notebooks, {share:.0%} of all, is"
    return f"{of} similar to {', '.join(work.origins[:3])}{at_once}"


def _mend(files: tuple[SimilarFile, ...]) -> str:
    """What to do about a part of a project that is otherwise its owner's."""
    some = [f"{len(files) - NAMED} more"] if len(files) > NAMED else []
    named = joined([*(file.path for file in files[:NAMED]), *some])
    rest = "of no other file did the comparison find enough"
    return f"Write {named} anew, or say in the README what was taken from where; {rest}."


def _place(file: SimilarFile) -> Location:
    # A stretch may go on over several cells.
    cell = f"cell {file.cell}{' and on' if not file.whole else ''}: " if file.cell else ""
    if file.whole:
        note = f"the same file as in {file.origin}"
    else:
        note = f"{file.share:.0%} of its code without imports and comments is similar to {joined(file.origins)}"
        note += "; the longest stretch" if file.line else ""
    return Location(file.path, None if file.cell else file.line, None if file.cell else file.end_line, f"{cell}{note}")
