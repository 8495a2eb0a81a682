"""Open-source contributions: code of this person that strangers reviewed and merged."""

from portfolio_audit.api import Evidence, Outcome, check, failed, partial, passed, unknown
from portfolio_audit.facts.contributions import JudgedPull, OpenSource

FIX = "Take one open issue in an ML or data library that you use, and get a fix with a test merged."
ELSEWHERE = {1: 0.3, 2: 0.4}  # three or more: 0.5, so that no number of them equals one to an established library
TRIVIAL = {True: 0.2, False: 0.1}  # "even small" counts to an established library, though little


@check(id="contributions-merged", title="Code is merged into the projects of others")
def is_merged_elsewhere(work: OpenSource) -> Outcome:
    """Reading a large code base and passing its review is what the job is; no certificate shows it."""
    known, elsewhere, small = work.counting(established=True), work.counting(established=False), work.trivial
    if len(known) >= 2:
        return passed(_said(len(known), "established ML or data libraries"), evidence=_links(known))
    if work.incomplete:
        return unknown(f"the search for merged pull requests is incomplete: {work.incomplete}", evidence=_links(known))
    if known:
        return partial(
            0.8, _said(1, "an established library"), fix=FIX, effort="days", evidence=_links(known + elsewhere)
        )
    if elsewhere:
        score = ELSEWHERE.get(len(elsewhere), 0.5)
        one = len(elsewhere) == 1
        where = "a project of others, which is not" if one else "projects of others, none of them"
        said = _said(len(elsewhere), f"{where} on the list of established libraries")
        return partial(score, said, fix=FIX, effort="days", evidence=_links(elsewhere))
    if small:
        score = TRIVIAL[any(pull.established for pull in small)]
        return partial(score, f"only small ones: {small[0].reason}", fix=FIX, effort="days", evidence=_links(small))
    left_out = f" ({len(work.own)} to own projects or organisations left out)" if work.own else ""
    said = f"no merged pull request found on GitHub{left_out}"
    return failed(said, fix=FIX, effort="days", searched="merged public pull requests to repositories of others")


def _said(count: int, where: str) -> str:
    return f"{count} substantial pull request{'s' if count > 1 else ''} merged into {where}"


def _links(pulls: tuple[JudgedPull, ...]) -> tuple[Evidence, ...]:
    return tuple(Evidence(url=pull.url, note=f"{pull.repository}: {pull.title}"[:200]) for pull in pulls[:10])
