"""Rules for the templates themselves: what Jinja's escaping cannot save, no template may do."""

import re
from importlib import resources

import pytest

from portfolio_audit.report.html import environment

FOLDER = resources.files("portfolio_audit.report_templates")
TEMPLATES = sorted(entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".j2"))
STYLE = FOLDER.joinpath("report.css").read_text(encoding="utf-8")
SCRIPT = FOLDER.joinpath("report.js").read_text(encoding="utf-8")

BANNED = {
    "a filter or block that switches escaping off": r"\|\s*(safe|xmlattr|tojson)\b|autoescape|Markup",
    "an event handler": r"[\s\"'/]on[a-z]+\s*=",
    "an inline style": r"[\s\"'/]style\s*=",
    "an unquoted attribute": r"=\s*\{\{",
    "an attribute in single quotes": r"<[a-z][^>{]*='",
    "something to load": r"<(img|link|iframe|object|embed|base|audio|video)\b|\b(src|srcset|srcdoc|(form)?action)\s*=",
    "a place outside": r"https?:|//[a-z]",
}


def test_there_are_templates() -> None:
    assert {"report.html.j2", "index.html.j2", "macros.html.j2"} <= set(TEMPLATES)


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("rule", sorted(BANNED))
def test_no_template_does_what_escaping_cannot_save(name: str, rule: str) -> None:
    source = FOLDER.joinpath(name).read_text(encoding="utf-8")
    found = re.search(BANNED[rule], re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL))
    assert found is None, f"{name} has {rule}: {found[0]!r}"


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_link_address_was_judged_or_is_ours(name: str) -> None:
    for address in re.findall(r'href="([^"]*)"', FOLDER.joinpath(name).read_text(encoding="utf-8")):
        ours = r"#[\w-]+|#\{\{ [\w.\[\]]+ \}\}|\./cohort\.(csv|json)"
        assert re.fullmatch(ours + r"|\{\{ (address|page) \}\}", address), address


def test_everything_is_escaped_and_a_missing_value_is_an_error() -> None:
    made = environment()
    assert made.from_string("{{ x }}").render(x="<b>\"'&") == "&lt;b&gt;&#34;&#39;&amp;"
    assert made.autoescape is True
    with pytest.raises(Exception, match="undefined"):
        made.from_string("{{ missing }}").render()


def test_style_and_script_cannot_end_their_element_and_load_nothing() -> None:
    for content in (STYLE, SCRIPT):
        assert "</" not in content
        assert "@import" not in content
        addresses = re.findall(r"url\((?!#)([^)]*)", content)
        assert all(address.startswith(('"data:image/svg+xml', "#")) for address in addresses)
    assert not re.search(r"innerHTML|insertAdjacent|document\.write|eval|Function\(|fetch|XMLHttp", SCRIPT)


# --- colours


def themes() -> dict[str, dict[str, str]]:
    """The colours of each theme by name: light, dark, print (each on top of the first)."""
    blocks = re.findall(r":root \{([^}]*)\}", STYLE)
    made = [dict(re.findall(r"--([\w]+): (#[0-9a-f]{3,6})", block)) for block in blocks]
    assert len(made) == 3
    light, dark, paper = made
    return {"light": light, "dark": {**light, **dark}, "print": {**light, **paper}}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("colour", ["ink", "soft", "link", "good", "half", "bad", "open"])
@pytest.mark.parametrize("ground", ["page", "card"])
def test_text_stands_out(theme: str, colour: str, ground: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[colour], colours[ground]) >= 4.5


MARKS = [
    *[(mark, ground) for mark in ("good", "half", "bad", "open", "accent", "stripe") for ground in ("page", "card")],
    ("accent", "track"),
    ("stripe", "track"),
    ("stripe", "ground"),
    *[("ink", f"band{n}") for n in (1, 2, 3, 4)],
]


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_that_carry_meaning_stand_out(theme: str, mark: str, ground: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[mark], colours[ground]) >= 3
