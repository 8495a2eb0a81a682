"""The rubric: what is built in holds together, and a wrong one is refused with a message that helps."""

from pathlib import Path

import pytest

from portfolio_audit import rubric
from portfolio_audit.discovery import discover
from portfolio_audit.errors import ConfigError
from tests import score_worlds as worlds

INSTALLED = {provided.check.id: provided for provided in discover().checks if provided.provider == "portfolio-audit"}


def test_every_built_in_check_carries_weight() -> None:
    assert rubric.load(None, INSTALLED).checks == set(INSTALLED)


def test_portfolio_criteria_ask_the_portfolio_and_the_others_repositories() -> None:
    for criterion in rubric.load(None, INSTALLED).criteria:
        scopes = {INSTALLED[check].check.scope for check in criterion.checks}
        assert (scopes == {"portfolio"}) == (criterion.across == "portfolio"), criterion.id
        assert "portfolio" not in scopes or not criterion.in_repository or len(scopes) == 2, criterion.id


def test_bands_and_ceiling_are_those_of_the_design() -> None:
    built_in = rubric.load(None, INSTALLED)
    assert [(band.name, band.at_least) for band in built_in.band] == [
        ("not yet", 0),
        ("developing", 40),
        ("interview-ready", 60),
        ("strong", 80),
    ]
    assert built_in.ceiling.at == 39
    assert all(len(criterion.guide) > 3 for criterion in built_in.criteria)


def test_a_rubric_of_ones_own_replaces_the_built_in_one(tmp_path: Path) -> None:
    file = tmp_path / "rubric.toml"
    file.write_bytes(worlds.RUBRIC)
    mine = rubric.load(file, worlds.CHECKS)
    assert mine.name == "sample"
    assert mine.hash != rubric.load(None, INSTALLED).hash
    file.write_bytes(worlds.RUBRIC + b"# another byte\n")
    assert rubric.load(file, worlds.CHECKS).hash != mine.hash


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no-such\.toml: cannot be read"):
        rubric.load(tmp_path / "no-such.toml", worlds.CHECKS)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rubric.toml"
    file.write_bytes(b"#" * (rubric.LARGEST + 1))
    with pytest.raises(ConfigError, match="too large"):
        rubric.load(file, worlds.CHECKS)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            b"least_coverage = 0.5",
            b"least_coverge = 0.5",
            r"unknown key 'least_coverge' \(did you mean 'least_coverage'",
        ),
        (b"weight = 18", b"wieght = 18", r"unknown key category\.criterion\.'wieght' \(did you mean 'weight'"),
        (b"at = 39", b"height = 39", r"unknown key ceiling\.'height'"),
        (b"factor = 0.25", b"factr = 0.25", r"unknown key originality\.'factr' \(did you mean 'factor'"),
        (b"tests = 1", b"test = 1", r"criterion 'tests': checks names unknown check 'test' \(did you mean 'tests'"),
        (b"hints = 1", b"hints = 1, tests = 1", r"check 'tests' is already in criterion 'tests'"),
        (b"hints = 1", b"hints = 0", r"weight of 'hints' must be above 0"),
        (b"weight = 18", b"weight = -1", r"criterion 'deployed': weight must be above 0"),
        (b"weight = 18", b"weight = nan", r"criterion 'deployed': weight must be above 0"),
        (b"weight = 18", b'weight = "much"', r"Expected `float`, got `str`"),
        (b'across = "any"', b'across = "all"', r"Invalid enum value 'all'"),
        (b'needs = "readme-present"', b'needs = "tests"', r"criterion 'readme': needs names 'tests'"),
        (b'strict = ["live"]', b'strict = ["lives"]', r"strict names 'lives'.*did you mean 'live'"),
        (b'id = "hints"', b'id = "tests"', r"two criteria are called 'tests'"),
        (
            b'check = "data-own"',
            b'check = "data-won"',
            r"originality: 'data-won' is in no criterion \(did you mean 'data-own'",
        ),
        (b"factor = 0.25", b"factor = 1.5", r"factor must lie between 0 and 1"),
        (b"at_least = 40", b"at_least = 70", r"band: at_least must start at 0 and rise"),
        (b"at = 39", b"at = 139", r"ceiling\.at must lie between 0 and 100"),
        (b"least_coverage = 0.5", b"least_coverage = 2", r"least_coverage must lie"),
        (b"checks = { tests = 1 }", b"checks = {}", r"criterion 'tests': checks is empty"),
        (b'across = "mean"\nneeds', b'across = "mean"\nonly = "ai"\nneeds', r"only and originality need across"),
        (b"schema = 1", b"schema = 2", r"Invalid enum value 2|Expected"),
        (b"schema = 1", b"schema = ", r"not valid TOML"),
        (b"schema = 1", b"schema = 1 # \xff", r"not valid TOML"),
    ],
)
def test_a_wrong_rubric_is_refused_by_name_and_key(old: bytes, new: bytes, complaint: str) -> None:
    assert old in worlds.RUBRIC
    with pytest.raises(ConfigError, match=rf"mine\.toml: .*({complaint})"):
        rubric.parse(worlds.RUBRIC.replace(old, new, 1), "mine.toml", worlds.CHECKS)


def test_a_rubric_without_criteria_is_refused() -> None:
    nothing = worlds.RUBRIC.partition(b"[[originality]]")[0] + b"[[category]]\nid='a'\ntitle='A'\ncriterion=[]\n"
    with pytest.raises(ConfigError, match="there is no criterion"):
        rubric.parse(nothing, "mine.toml", worlds.CHECKS)


def test_what_a_repository_alone_cannot_meet_is_out_of_its_scope() -> None:
    assert worlds.SAMPLE.out_of_scope("repository") == {"merged"}
    assert worlds.SAMPLE.out_of_scope("portfolio") == frozenset()
