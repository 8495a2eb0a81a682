"""One look at one link: redirects followed by hand, each hop judged like a link of its own, then the page."""

import logging
from collections.abc import Callable

import msgspec

from portfolio_audit.sources import hosting, target
from portfolio_audit.sources.control import Control
from portfolio_audit.sources.fetching import Answer, Fetcher
from portfolio_audit.sources.judgement import judge
from portfolio_audit.sources.lookup import Unreached
from portfolio_audit.sources.page import Page, decode, title
from portfolio_audit.sources.signs import Verdict
from portfolio_audit.sources.target import Refused, Target

log = logging.getLogger(__name__)

_AGAIN = frozenset({"timeout", "broken"})


class Look(msgspec.Struct, frozen=True):
    """What one look showed.

    `final_url` is there only if redirects led elsewhere, and without its query, which may hold a session.
    """

    verdict: Verdict
    status: int | None = None
    final_url: str | None = None
    title: str | None = None


class Visitor:
    """Looks at links; shared by the threads of a run."""

    def __init__(
        self,
        fetcher: Fetcher,
        control: Control,
        *,
        monotonic: Callable[[], float],
        seconds: float,
        redirects: int,
    ) -> None:
        self._fetcher = fetcher
        self._control = control
        self._monotonic = monotonic
        self._seconds = seconds
        self._redirects = redirects

    def look(self, wanted: Target) -> Look:
        """Open a link once. Never raises for anything that the link does."""
        route = [wanted]
        try:
            return self._follow(route, self._monotonic() + self._seconds)
        except Refused as refusal:
            where = "leads on to a closed address: " if len(route) > 1 else ""
            return Look(Verdict("refused", where + refusal.reason), final_url=_elsewhere(route))
        except Unreached as trouble:
            return Look(self._unreached(trouble, len(route) > 1), final_url=_elsewhere(route))
        except Exception:
            log.warning("an answer to a link check could not be read", exc_info=True)
            return Look(Verdict("unknown", "the answer could not be read"))

    def _follow(self, route: list[Target], deadline: float) -> Look:
        asked: set[str] = set()
        while True:
            current = route[-1]
            question = hosting.question(current.host, current.path)
            if question is not None and question not in asked:
                asked.add(question)
                told = self._ask(question, deadline)
                if told is not None:
                    return Look(told, final_url=_elsewhere(route))
            answer = self._fetcher.get(current, deadline)
            if answer.location is None:
                page = _page(answer, route)
                return Look(self._proven(judge(page), current), page.status, _elsewhere(route), page.title)
            if len(route) > self._redirects:
                return Look(Verdict("unknown", f"more than {self._redirects} redirects"), answer.status)
            route.append(target.join(current, answer.location))
            if route[-1] in route[:-1]:
                return Look(Verdict("unknown", "redirects in a circle"), answer.status)

    def _ask(self, question: str, deadline: float) -> Verdict | None:
        route = [target.parse(question)]
        try:
            answer = self._fetcher.get(route[0], deadline)
            if answer.location is not None:
                # A renamed application: the platform forwards to its new name.
                route.append(target.join(route[0], answer.location))
                answer = self._fetcher.get(route[1], deadline)
        except (Refused, Unreached):
            return None
        return hosting.answer(_page(answer, route))

    def _proven(self, verdict: Verdict, last: Target) -> Verdict:
        # A secure answer proves itself by its certificate.
        if verdict.state == "dead" and last.scheme == "http" and not self._control.answers():
            return Verdict("unknown", f"{verdict.reason}, but something here answers in the place of sites")
        return verdict

    def _unreached(self, trouble: Unreached, moved: bool) -> Verdict:
        if trouble.kind == "no-such-name":
            if moved:
                return Verdict("unknown", "leads on to a name that does not exist")
            return (
                Verdict("dead", "no such name")
                if self._control.finds()
                else Verdict("unknown", "no names are found here")
            )
        if trouble.kind == "refused":
            if moved:
                return Verdict("unknown", "leads on to a host that refuses the connection", again=True)
            return Verdict("dead" if self._control.connects() else "unknown", trouble.reason, again=True)
        reason = f"timed out after {self._seconds:g} s" if trouble.reason == "timed out" else trouble.reason
        return Verdict("unknown", reason, again=trouble.kind in _AGAIN)


def _page(answer: Answer, route: list[Target]) -> Page:
    last = route[-1]
    text = decode(answer.body, answer.headers.get("content-type", ""))
    return Page(
        host=last.host,
        path=last.path,
        status=answer.status,
        headers=answer.headers,
        text=text,
        title=title(text),
        readable=answer.readable,
        moved=_place(last) != _place(route[0]),
    )


def _place(one: Target) -> tuple[str, str]:
    # The same page under http or https, with or without www and a final slash.
    return one.host.removeprefix("www."), one.path.rstrip("/")


def _elsewhere(route: list[Target]) -> str | None:
    if route[-1].url == route[0].url:
        return None
    return route[-1].url.partition("?")[0]
