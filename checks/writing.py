"""Technical writing: posts and articles that explain what this person built and learnt."""

from portfolio_audit.api import Evidence, Outcome, check, failed, not_applicable, partial, passed, unknown
from portfolio_audit.facts.words import counted, joined
from portfolio_audit.facts.writing import Piece, Writing

ENOUGH = 3
PART = {0: 0.0, 1: 0.6, 2: 0.8}
OTHER = 0.3  # it shows the skill to write, not yet about this work
FIRST = (
    "Write one post on a project of yours (what it does, what you tried, what went wrong), publish it on any blog "
    "platform or a GitHub Pages blog, and link it in your profile README."
)
NEXT = "Write another post on a project of yours, and link it in your profile README."
ABOUT = (
    "Write up one of your projects: the problem, what you tried, what went wrong; link post and repository both ways."
)


@check(id="writing-own", title="Technical writing of their own is found")
def is_found(writing: Writing) -> Outcome:
    """Posts that explain a problem and its solution show the communication that teams need and code cannot show."""
    count, shown = len(writing.technical), _shown(writing.technical)
    if count >= ENOUGH:
        further = f"; {counted(writing.left, 'further post')} not read" if writing.left else ""
        return passed(f"{count} technical posts or articles{further}", evidence=shown)
    if gaps := _gaps(writing):
        said = f"{counted(count, 'technical post')} seen; could not look everywhere: {gaps}"
        return unknown(said, evidence=shown, at_least=PART[count])
    if count:
        return partial(PART[count], counted(count, "technical post or article", "technical posts or articles"),
                       fix=NEXT, effort="days", evidence=shown, searched=writing.searched)  # fmt: skip
    if writing.pieces:
        said = f"{counted(len(writing.pieces), 'post')}, none recognised as being about software, data or AI"
        return partial(OTHER, said, fix=FIRST, effort="days", evidence=_shown(writing.pieces), confidence=0.7)
    samples = f"; {counted(writing.samples, 'sample, draft or stub', 'samples, drafts or stubs')} left out"
    said = f"no posts or articles of their own found{samples if writing.samples else ''}"
    return failed(said, fix=FIRST, effort="days", searched=writing.searched)


@check(id="writing-projects", title="A post explains a project of their own")
def explains_a_project(writing: Writing) -> Outcome:
    """The write-up of a project is read before its code: it shows choices, failures and what was learnt."""
    if writing.on_projects:
        names = list(dict.fromkeys(piece.about for piece in writing.on_projects if piece.about))
        rest = [f"{len(names) - 3} more"] if len(names) > 3 else []
        return passed(f"writes about {joined([*names[:3], *rest])}", evidence=_shown(writing.on_projects))
    if gaps := _gaps(writing):
        return unknown(f"could not look everywhere: {gaps}")
    if not writing.pieces:
        return not_applicable("no posts or articles were found")
    if writing.unopened:
        return unknown(
            f"{counted(writing.unopened, 'piece')} known by title or summary alone, and none names a project"
        )
    said = "no post links to or names a repository of theirs, and no README links to a post of theirs"
    return failed(
        said, fix=ABOUT, effort="days", searched=counted(len(writing.pieces), "post or article", "posts and articles")
    )


def _gaps(writing: Writing) -> str:
    """What could not be looked at, in words; empty if nothing."""
    return "; ".join((*writing.untold[:2], *([writing.incomplete] if writing.incomplete else [])))


def _shown(pieces: tuple[Piece, ...]) -> tuple[Evidence, ...]:
    """Where each can be opened, with its date where it is known."""
    return tuple(_evidence(piece) for piece in pieces[:5])


def _evidence(piece: Piece) -> Evidence:
    note = f"{piece.title} ({piece.date})" if piece.date else piece.title
    place = piece.location
    if place is not None and piece.repository is not None:
        return Evidence(place.path, place.line, note=note, repository=piece.repository)
    return Evidence(url=piece.url, note=note)
