"""The map of skills in the report: links at the commit, its part of the page, its words, its published shape."""

import json
from typing import Any

import jsonschema
import msgspec
import pytest

from portfolio_audit.audit import needed_facts
from portfolio_audit.facts.fact import Portfolio, Repository, read_facts
from portfolio_audit.report import html, model, schema
from portfolio_audit.report.skill_map import FACTS, skill_map
from portfolio_audit.report.skill_words import paragraph
from portfolio_audit.report.skills_view import SkillMap, ToolEntry
from portfolio_audit.snapshot import Owner, Snapshot
from portfolio_audit.testing import HEAD, make_portfolio, make_record, make_repository, make_tree
from tests.golden.portfolio import portfolio as golden
from tests.golden.reading import parsed, prose
from tests.golden.states import states

FILES = {
    "src/a b#c.py": "import pandas as pd\n\n\ndef read():\n    return pd.read_csv('x')\n",
    "README.md": "# Bees\n",
}


def made(files: dict[str, str] = FILES, *, changed: Any = None, **fields: Any) -> SkillMap:
    snapshot = msgspec.structs.replace(Snapshot("authenticated", "portfolio", Owner("User", "sample-owner")), **fields)
    return skill_map(make_portfolio([make_repository(files)], snapshot=snapshot), changed)


def tool(map: SkillMap, name: str) -> ToolEntry:
    return next(t for layer in map.layers for skill in layer.skills for t in skill.tools if t.name == name)


def test_a_place_leads_to_the_line_at_the_commit() -> None:
    place = tool(made(), "pandas").evidence
    assert (place.repository, place.path, place.line) == ("sample-owner/project", "src/a b#c.py", 5)
    assert place.url == f"https://github.example/sample-owner/project/blob/{HEAD}/src/a%20b%23c.py#L5"


def test_an_edited_file_has_a_place_and_no_link() -> None:
    place = tool(made(changed={"id-project": ["src/a b#c.py"]}), "pandas").evidence
    assert (place.line, place.url) == (5, None)


def test_a_repository_alone_has_layers_only() -> None:
    map = made(scope="repository", mode="local")
    assert map.layers
    assert (map.roles, map.plan, map.certifications) == ((), None, None)
    assert paragraph(map).startswith("Skills seen in this code (not scored): Programming fundamentals")


def test_a_folder_has_none() -> None:
    assert made(scope="folder") == SkillMap()
    assert paragraph(SkillMap()) == ""


def test_the_same_portfolio_gives_the_same_bytes() -> None:
    assert msgspec.json.encode(made()) == msgspec.json.encode(made())
    names = [skill.id for layer in made().layers for skill in layer.skills]
    assert len(names) == len(set(names))


def test_workers_are_told_all_that_the_map_rests_on() -> None:
    whole = make_repository(FILES)
    facts, failed = read_facts(make_tree(FILES), needed_facts(FACTS))
    snapshot = Snapshot("authenticated", "portfolio", Owner("User", "sample-owner"), repositories=(whole.record,))
    alone = Repository(whole.record, snapshot, facts, failed=failed)
    assert skill_map(Portfolio(snapshot, (alone,))) == made()


def test_the_published_schema_holds_for_it_and_for_reports_without_one() -> None:
    validate = jsonschema.Draft202012Validator(schema.schema()).validate
    report = json.loads(model.encode(msgspec.structs.replace(golden(), skills=made())))
    validate(report)
    validate({**report, "skills": {}})
    assert model.decode(json.dumps({**report, "skills": {}}).encode()).skills == SkillMap()


def test_the_page_names_what_is_seen_and_what_is_not() -> None:
    page = html.render(golden())
    said = prose(page)
    for words in (
        "Not part of the score",
        "Not seen in what could be read Monitoring",
        "1 of 11 visible",
        "Stated, not verified",
    ):
        assert words in said
    chips = {node.text(): node.attributes for node in parsed(page).css("section.skills .chip")}
    assert chips["pandas"]["href"] == "https://github.com/ada-invented/swarm/blob/" + "c" * 40 + "/swarm/features.py#L8"
    assert "borrowed" in (chips["PyTorch"]["class"] or "")
    assert "borrowed" not in (chips["pandas"]["class"] or "")


def test_a_dashed_frame_is_explained_wherever_there_is_one() -> None:
    report = golden()
    legend = "A dashed frame: seen only in code that is similar to a tutorial"
    alone = msgspec.structs.replace(report.skills, tutorials=())
    page = html.render(msgspec.structs.replace(report, skills=alone))
    assert parsed(page).css("section.skills table .borrowed")
    assert f"{legend}." in prose(page)
    assert f"{legend}, or in a project that is one or says that it follows one (" in prose(html.render(report))
    assert legend not in prose(html.render(msgspec.structs.replace(report, skills=made())))


@pytest.mark.parametrize("name", ["folder", "empty"])
def test_without_a_map_the_page_has_no_part_for_it(name: str) -> None:
    assert not parsed(html.render(states()[name])).css("section.skills")


ATTACK = "<script>window.ran=1</script>\"'{{ 7*7 }}\u202e"


def test_texts_of_others_stay_texts() -> None:
    hostile = msgspec.convert(_poisoned(msgspec.to_builtins(golden().skills)), SkillMap)
    page = html.render(msgspec.structs.replace(golden(), skills=hostile))
    section = parsed(page).css_first("section.skills")
    assert section is not None
    assert not section.css("script")
    assert "javascript:" not in (section.html or "")
    assert "{{ 7*7 }}" in section.text()
    assert "\u202e" not in section.text()


def _poisoned(value: Any, key: str = "") -> Any:
    """Every text of others replaced; addresses by one that runs."""
    if isinstance(value, dict):
        return {name: _poisoned(part, name) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_poisoned(part, key) for part in value]
    if key == "url" and value:
        return "javascript:alert(1)"
    return ATTACK if key in ("repository", "path", "note", "name", "through", "tutorials", "title") else value


def test_no_record_no_link() -> None:
    nowhere = make_repository(FILES, record=make_record("project", url=None))
    snapshot = Snapshot("authenticated", "portfolio", Owner("User", "sample-owner"))
    assert tool(skill_map(make_portfolio([nowhere], snapshot=snapshot)), "pandas").evidence.url is None
