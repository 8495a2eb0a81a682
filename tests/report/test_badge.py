"""The badge: the low end of the score, readable, and nothing of the audited person's texts in it."""

import json
import xml.etree.ElementTree as ElementTree

import msgspec
import pytest

from portfolio_audit.report import badge
from portfolio_audit.report.model import Band
from tests.golden.hostile import hostile
from tests.golden.portfolio import portfolio
from tests.golden.states import states

BANDS = (Band("not yet", 0), Band("developing", 40), Band("interview-ready", 60), Band("strong", 80))


@pytest.mark.parametrize(
    ("low", "said"),
    [
        (0, "0 of 100, not yet"),
        (41.19, "41.1 of 100, developing"),
        (60, "60 of 100, interview-ready"),
        (100, "100 of 100, strong"),
    ],
)
def test_a_number_that_stands_alone_is_the_low_end(low: float, said: str) -> None:
    report = msgspec.structs.replace(portfolio(), score_range=(low, 100), score=100, bands=BANDS)
    answer = json.loads(badge.endpoint(report))
    assert answer["message"] == said
    assert answer.keys() == {"schemaVersion", "label", "message", "color"}
    assert answer["schemaVersion"] == 1
    assert said in badge.svg(report).decode()


@pytest.mark.parametrize("name", sorted(states()))
def test_the_picture_says_what_it_shows_and_holds_no_foreign_text(name: str) -> None:
    report = states()[name]
    picture = ElementTree.fromstring(badge.svg(hostile(report)))
    assert picture.attrib["role"] == "img"
    assert picture.attrib["aria-label"] == picture.findtext("{http://www.w3.org/2000/svg}title")
    assert {node.tag.rpartition("}")[2] for node in picture.iter()} <= {"svg", "title", "rect", "path", "g", "text"}
    own = ElementTree.fromstring(badge.svg(report))
    assert float(own.attrib["width"]) < 320


@pytest.mark.parametrize("low", [0, 40, 60, 80])
def test_white_letters_can_be_read_on_every_colour(low: float) -> None:
    colour = json.loads(badge.endpoint(msgspec.structs.replace(portfolio(), score_range=(low, 100))))["color"]
    assert 1.05 / (_luminance(colour) + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
