"""Platforms that tell, at a public address of their own, how an application they host is doing.

Streamlit's Community Cloud sends visitors without a cookie round in circles and then serves the same shell whether the
app runs or not; Hugging Face serves a page for every Space. Asking the platform is then the only honest way, and costs
one small request. State 5 (runs) and 12 (shut down for inactivity) are what Streamlit's own pages read from that
address; the stages of a Space are those of huggingface_hub's SpaceStage, grouped as Gradio's client groups them.
"""

import re

from portfolio_audit.sources.page import Page, under
from portfolio_audit.sources.signs import Verdict

# Where visitors are sent to sign in: what lies behind was not seen.
SIGN_IN = (
    ("accounts.google.com", "/"),
    ("login.microsoftonline.com", "/"),
    ("github.com", "/login"),
    ("vercel.com", "/login"),
    ("vercel.com", "/sso"),
    ("share.streamlit.io", "/-/"),
    ("huggingface.co", "/login"),
    ("auth0.com", "/"),
    ("okta.com", "/"),
    ("cloudflareaccess.com", "/"),
)


def question(host: str, path: str) -> str | None:
    """The public address at which a platform tells how an application of its own is doing, or None."""
    if under(host, "streamlit.app") and host != "streamlit.app":
        return f"https://{host}/api/v2/app/status"
    if under(host, "hf.space") and host.count(".") == 2:
        return f"https://huggingface.co/api/spaces/by-subdomain/{host.partition('.')[0]}"
    parts = path.strip("/").split("/")
    if host == "huggingface.co" and len(parts) >= 3 and parts[0] == "spaces" and all(map(_PLAIN.fullmatch, parts[1:3])):
        return f"https://huggingface.co/api/spaces/{parts[1]}/{parts[2]}/runtime"
    return None


_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_STREAMLIT = re.compile(r'"status"\s?:\s?(\d{1,4})\b')
# In JSON of its own, as a part of a larger one, or within the attribute of a page.
_SPACE = re.compile(r"(?:^|QruntimeQ:)\{QstageQ:Q([A-Z_]{1,40})".replace("Q", '(?:"|&quot;)'))
_SPACE_LIVE = frozenset({"RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"})
_SPACE_ASLEEP = frozenset({"SLEEPING", "STOPPED", "PAUSED", "BUILDING", "APP_STARTING"})


def answer(page: Page) -> Verdict | None:
    """What the platform says, in answer to a `question` or within the page itself, or None if it says nothing."""
    if page.status != 200:
        return None
    if under(page.host, "streamlit.app"):
        code = _STREAMLIT.search(page.text)
        told = {"5": "live", "12": "sleeping"}.get(code[1]) if code else None
        if told == "live":
            return Verdict("live", "Streamlit Community Cloud says the app runs")
        if told == "sleeping":
            return Verdict("sleeping", "Streamlit Community Cloud says the app sleeps")
        return Verdict("unknown", f"Streamlit Community Cloud reports state {code[1]}", again=True) if code else None
    stage = _SPACE.search(page.text) if page.host == "huggingface.co" else None
    if stage is None:
        return None
    if stage[1] in _SPACE_LIVE:
        return Verdict("live", "Hugging Face says the Space runs")
    if stage[1] in _SPACE_ASLEEP:
        return Verdict("sleeping", f"Hugging Face says the Space is {stage[1].lower().replace('_', ' ')}")
    if stage[1] == "NO_APP_FILE":
        return Verdict("placeholder", "Hugging Face says the Space has no application file")
    return Verdict("unknown", f"Hugging Face reports {stage[1]} for the Space")
