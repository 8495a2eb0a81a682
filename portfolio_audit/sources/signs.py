"""Signs by which a page tells that an application sleeps, is gone, or never was there: data, one line per sign.

They come from what platforms answer, as their users and public lists of such fingerprints (the can-i-take-over-xyz
table, platform documentation) record it. A sign names the platform by host or header wherever its words alone could
stand on anybody's page.
"""

from typing import Literal

import msgspec

from portfolio_audit.sources.page import Page, under

State = Literal["live", "sleeping", "placeholder", "dead", "refused", "unknown"]


class Verdict(msgspec.Struct, frozen=True):
    """What a page shows. `again` asks for another look after a pause, since the state may pass."""

    state: State
    reason: str
    again: bool = False


class Sign(msgspec.Struct, frozen=True):
    """A page bears the sign if all stated parts fit. `text` and `title` are lower case.

    `hosts` are suffixes of the last host, `header` is (name, part of its value), `text` is found anywhere in the page,
    `title` begins the title, `most` is the largest size of the text in characters.
    """

    state: State
    reason: str
    hosts: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    header: tuple[str, str] | None = None
    text: str = ""
    title: str = ""
    most: int = 0
    again: bool = False

    def on(self, page: Page) -> bool:
        """Whether the page bears this sign."""
        if self.hosts and not any(under(page.host, host) for host in self.hosts):
            return False
        if self.statuses and page.status not in self.statuses:
            return False
        if self.header:
            name, part = self.header
            if name not in page.headers or part not in page.headers[name].lower():
                return False
        if self.most and len(page.text) > self.most:
            return False
        return self.text in page.text.lower() and (page.title or "").lower().startswith(self.title)


_OK = (200, 203)
_GONE = (404, 410)

SIGNS: tuple[Sign, ...] = (
    # A check for robots stands before the page: nothing was seen.
    Sign("unknown", "a bot check stands before the page", header=("cf-mitigated", "challenge")),
    Sign("unknown", "a bot check stands before the page", header=("x-amzn-waf-action", "")),
    Sign("unknown", "a bot check stands before the page", title="just a moment..."),
    Sign("unknown", "a bot check stands before the page", title="attention required! | cloudflare"),
    Sign("unknown", "a bot check stands before the page", title="ddos-guard"),
    Sign("unknown", "a bot check stands before the page", title="vercel security checkpoint"),
    # Asleep, and opening the page wakes it.
    Sign("sleeping", "Render is waking the service", header=("x-render-routing", "hibernate"), again=True),
    Sign(
        "sleeping",
        "Render is waking the service",
        header=("rndr-id", ""),
        text="service waking up",
        again=True,
    ),
    Sign("sleeping", "Render is waking the service", ("onrender.com",), text="service waking up", again=True),
    Sign("sleeping", "the Streamlit app sleeps", ("streamlit.app",), text="has gone to sleep"),
    Sign("sleeping", "the Space sleeps", ("huggingface.co", "hf.space"), text="this space is sleeping"),
    # The platform's own page stands where the application should be.
    Sign("placeholder", "suspended at Render", header=("x-render-routing", "suspend")),
    Sign("placeholder", "suspended at Render", ("onrender.com",), text="service has been suspended"),
    Sign(
        "placeholder",
        "Railway runs no application here",
        (),
        _GONE,
        ("x-railway-fallback", "true"),
        again=True,
    ),
    Sign("placeholder", "stopped at Azure", ("azurewebsites.net",), (403,), text="this web app is stopped"),
    # May be asleep, failing or deleted: Render answers alike.
    Sign("unknown", "Render has no running server here", header=("x-render-routing", "no-server"), again=True),
    Sign(
        "unknown",
        "the Repl does not run",
        ("repl.co", "replit.app", "replit.dev"),
        text="to see the results here",
    ),
    Sign(
        "unknown",
        "Hugging Face says the Space is in error",
        ("hf.space",),
        text="your space is in error",
        again=True,
    ),
    # The platform says that there is no such application.
    Sign("dead", "no such site at GitHub Pages", (), _GONE, text="there isn't a github pages site here"),
    Sign("dead", "no such app at Heroku", (), _GONE, text="herokucdn.com/error-pages/no-such-app"),
    Sign("dead", "no such deployment at Vercel", (), _GONE, ("x-vercel-error", "deployment_not_found")),
    Sign("dead", "the deployment was deleted at Vercel", (), _GONE, ("x-vercel-error", "deployment_deleted")),
    Sign(
        "dead",
        "no such site at Netlify",
        ("netlify.app", "netlify.com"),
        _GONE,
        text="not found - request id",
    ),
    Sign("dead", "no such site at Firebase", ("web.app", "firebaseapp.com"), _GONE, text="site not found"),
    Sign("dead", "no such site at Surge", ("surge.sh",), _GONE, text="project not found"),
    Sign("dead", "no such site at Azure", ("azurewebsites.net",), _GONE, text="404 web site not found"),
    Sign("dead", "no such storage bucket", (), _GONE, text="<code>nosuchbucket</code>"),
    Sign("dead", "the tunnel is closed", (), _GONE, ("ngrok-error-code", "err_ngrok_3200")),
    Sign(
        "dead",
        "the temporary Gradio link has expired",
        ("gradio.live",),
        _GONE,
        text="no interface is running",
    ),
    # A framework's own answer to an unknown path: the application runs, this address of it shows nothing.
    *(
        Sign(
            "unknown",
            "a server runs here, but shows nothing at this address (HTTP 404)",
            (),
            (404,),
            text=text,
            most=2000,
        )
        for text in (
            '{"detail":"not found"}',
            "cannot get /",
            "if you entered the url manually please check your spelling and try again",
            "whitelabel error page",
            '"error":"not found"',
            "the requested resource was not found on this server",
            "the page you were looking for doesn't exist",
            "404 page not found",
        )
    ),
    # Default pages of servers and platforms.
    *(
        Sign("placeholder", "the default page of a server", (), _OK, title=title)
        for title in (
            "welcome to nginx",
            "welcome to openresty",
            "apache2 ubuntu default page",
            "apache2 debian default page",
            "apache http server test page",
            "test page for the apache http server",
            "test page for the nginx http server",
            "test page for the http server",
            "http server test page",
            "caddy works!",
            "iis windows server",
            "welcome to xampp",
            "domain default page",
            "default web site page",
            "microsoft azure app service - welcome",
            "heroku | welcome to your new app",
            "welcome to firebase hosting",
            "the install worked successfully! congratulations!",
        )
    ),
    Sign("placeholder", "the default page of a server", (), _OK, text="<h1>it works!</h1>", most=400),
    Sign(
        "placeholder",
        "the default page of Azure",
        (),
        _OK,
        text="your web app is running and waiting for your content",
    ),
    *(
        Sign("placeholder", "nothing there yet", (), _OK, title=title, most=20_000)
        for title in ("coming soon", "under construction", "site under construction", "website coming soon")
    ),
    # Parked and for sale.
    *(
        Sign("placeholder", "a parked domain", (), _OK, text=text)
        for text in (
            "//sedoparking.com",
            ".sedoparking.com",
            ".parkingcrew.net",
            ".bodis.com/",
            "//parking.bodiscdn.com",
        )
    ),
    Sign("placeholder", "a parked domain", (), _OK, text='window.location.href="/lander"', most=1000),
    *(
        Sign("placeholder", "a domain for sale", (), _OK, title=title)
        for title in (
            "this domain is for sale",
            "this domain may be for sale",
            "domain for sale",
            "parked domain",
        )
    ),
    *(
        Sign("placeholder", "a domain for sale", (host,), _OK)
        for host in ("hugedomains.com", "dan.com", "afternic.com", "sedo.com", "domainmarket.com")
    ),
    # The page says that nothing is there, the status says otherwise.
    *(
        Sign("unknown", "the page says that it was not found", (), _OK, title=title)
        for title in ("404 ", "404:", "404 -", "error 404", "page not found", "not found")
    ),
)
