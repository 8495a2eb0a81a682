"""The state of a link from the page it led to.

live: 2xx with a page of its own (the application's own login form counts, an empty JavaScript shell counts: that is
what such applications serve), or a 405 or 422 that only a running interface gives. dead: 404 or 410 at the address
itself, or the platform says that it has no such application. unknown: what may pass (429, 5xx), what hides the page
(401, 403, a robot check, a sign-in elsewhere: platforms answer so for missing applications too), and what cannot be
read. The platform's own signs go before the status.
"""

from portfolio_audit.sources import hosting
from portfolio_audit.sources.page import Page, under
from portfolio_audit.sources.signs import SIGNS, Verdict

# Answers of gateways while an application starts, restarts or is overloaded.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_AGAIN = frozenset({502, 503, 504})


def judge(page: Page) -> Verdict:
    """What the page shows; never dead on something that may pass."""
    if any(under(page.host, host) and page.path.startswith(path) for host, path in hosting.SIGN_IN):
        return Verdict("unknown", "asks to sign in, what is behind was not seen")
    for sign in SIGNS:
        if sign.on(page):
            return Verdict(sign.state, sign.reason, again=sign.again)
    status = page.status
    if 200 <= status < 300:
        return _shown(page)
    if status in (404, 410):
        if page.moved and page.path not in ("", "/"):
            return Verdict("unknown", f"leads elsewhere, and nothing is there (HTTP {status})")
        return Verdict("dead", f"HTTP {status}")
    if status == 422 or (status == 405 and "allow" in page.headers):
        return Verdict("live", f"an interface answers (HTTP {status})")
    if status in (401, 403, 407, 511):
        return Verdict("unknown", f"not open to visitors like us (HTTP {status})")
    if status in _PASSING or status >= 500:
        return Verdict("unknown", f"HTTP {status}", again=status in _AGAIN)
    return Verdict("unknown", f"HTTP {status}")


def _shown(page: Page) -> Verdict:
    if not page.readable:
        return Verdict("unknown", f"HTTP {page.status}, but the page came compressed and was not read")
    if hosting.question(page.host, page.path) is not None and not under(page.host, "hf.space"):
        said = hosting.answer(page)
        return said or Verdict("unknown", "the platform shows this page whether the application runs or not")
    if not page.text.strip():
        return Verdict("unknown", f"HTTP {page.status}, but the page is empty")
    return Verdict("live", f"HTTP {page.status}")
