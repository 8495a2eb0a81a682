"""Portfolios that differ in one thing, and the distance that the score puts between them.

The strong invented person of the demo is judged as recorded, with the deployed pipeline moved to a classic teaching
set, and with its code taken from a course. README, tests, CI, the live link and the other two projects stay.
"""

from functools import cache

import msgspec
import pytest

from portfolio_audit import audit, rubric
from portfolio_audit.cli.demo_people import DemoPerson, people
from portfolio_audit.discovery import discover
from portfolio_audit.facts import copies
from portfolio_audit.facts.fingerprints import Fingerprint, steps
from portfolio_audit.facts.tutorial_index import TutorialIndex, decode, encode
from portfolio_audit.judgement import Scorecard
from portfolio_audit.scoring import score
from portfolio_audit.snapshot import Contributions, Snapshot
from portfolio_audit.testing import TreeRepository, make_portfolio, make_record, make_repository

CHECKS = {provided.check.id: provided.check for provided in discover().checks if provided.provider == "portfolio-audit"}
RUBRIC = rubric.load(None, CHECKS)
PEOPLE = {person.snapshot.owner.login.partition("-")[0]: person for person in people()}
STRONG = PEOPLE["noor"]
FLAGSHIP = "tram-delays"

CLASSIC = '''"""Fetch the house prices of California and write them as one Parquet file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sklearn.datasets import fetch_california_housing


def collect() -> pd.DataFrame:
    """All districts with their median house value."""
    return fetch_california_housing(as_frame=True).frame


def main() -> None:
    """Write the raw table."""
    folder = Path("data/raw")
    folder.mkdir(parents=True, exist_ok=True)
    collect().to_parquet(folder / "houses.parquet", index=False)


if __name__ == "__main__":
    main()
'''


def repositories(person: DemoPerson, replaced: dict[str, bytes] | None = None) -> list[TreeRepository]:
    """The person's repositories, with other contents for some files of the flagship project."""
    made = []
    for record in person.snapshot.repositories:
        files = person.files(record.name) | (replaced or {} if record.name == FLAGSHIP else {})
        made.append(make_repository(files, record=record))
    return made


def judged(members: list[TreeRepository], snapshot: Snapshot) -> Scorecard:
    portfolio = make_portfolio(members, snapshot=snapshot)
    return score(portfolio, audit.run(portfolio, CHECKS.values()), RUBRIC)


@cache
def as_recorded(name: str) -> Scorecard:
    return judged(repositories(PEOPLE[name]), PEOPLE[name].snapshot)


def points(card: Scorecard) -> float:
    assert card.score is not None
    return card.score


def course() -> TutorialIndex:
    """An index of one invented course whose lessons are the flagship's Python files."""
    lessons = [text for path, text in STRONG.files(FLAGSHIP).items() if path.startswith("src/")]
    grams = {gram: (0,) for text in lessons for gram in Fingerprint(text.decode()).winnowed()}
    taken = {step for text in lessons for step in steps(text)}
    return decode(encode({"invented-school/tram-course": ""}, grams, {}, taken))


def test_a_classic_teaching_set_under_the_deployed_pipeline_costs_25_points() -> None:
    readme = STRONG.files(FLAGSHIP)["README.md"].replace(
        b"the operator's live feed", b"the California housing data set"
    )
    twin = judged(
        repositories(STRONG, {"src/tram_delays/ingest.py": CLASSIC.encode(), "README.md": readme}), STRONG.snapshot
    )
    assert points(as_recorded("noor")) - points(twin) >= 25


def test_a_copied_pipeline_costs_32_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "shipped", course)
    twin = judged(repositories(STRONG), STRONG.snapshot)
    assert points(as_recorded("noor")) - points(twin) >= 32


def test_the_invented_people_rank_with_a_margin_of_25_points() -> None:
    kit, sam, noor = (as_recorded(name) for name in ("kit", "sam", "noor"))
    assert points(noor) - points(sam) >= 25
    assert points(sam) - points(kit) >= 25
    assert [card.band for card in (kit, sam, noor)] == ["not yet", "developing", "strong"]


def test_thirty_old_experiments_beside_three_good_projects_change_nothing() -> None:
    steps = "".join(
        f"def part_{n}(rows, rate):\n    total = rate\n    for row in rows:\n        total += row * {n}\n"
        "    return total\n\n\n"
        for n in range(70)
    )
    old = [
        make_repository(
            {"README.md": f"# try {n}\n", "try.py": f"import torch\n\nLAYERS = {n}\n\n\n" + steps},
            record=make_record(f"try-{n}", full_name=f"noor-example/try-{n}", pushed_at="2019-03-01T00:00:00Z"),
        )
        for n in range(30)
    ]
    together = judged([*repositories(STRONG), *old], STRONG.snapshot)
    assert sum(1 for member in together.members if member.counted) == 33
    assert points(together) == pytest.approx(points(as_recorded("noor")))


def test_a_web_developer_without_ai_work_stays_under_40() -> None:
    shop = {
        "README.md": "# Market\n\nA shop for farmers' markets: stalls, orders and payment, used by two markets.\n\n"
        "Try it: https://market-example.vercel.app\n\n![Orders](docs/orders.png)\n\n"
        "## Run\n\n    npm install\n    npm start\n",
        "package.json": '{"name": "market", "private": true, "scripts": {"test": "vitest run", "start": "vite"}, '
        '"dependencies": {"react": "18.3.1", "express": "4.21.2"}}',
        "Dockerfile": "FROM node:22\nCOPY . .\nRUN npm ci\nCMD node server.js\n",
        "server.js": "import express from 'express';\nconst app = express();\n"
        + "".join(f"app.get('/stall/{n}', (request, reply) => reply.json(stall({n})));\n" for n in range(200)),
        "src/App.jsx": "".join(
            f"export function Stall{n}(props) {{ return <div>{{props.name}} {n}</div>; }}\n" for n in range(200)
        ),
        "src/App.test.js": "import { expect, test } from 'vitest';\n"
        + "".join(f"test('adds {n}', () => {{ expect(add({n}, 1)).toBe({n + 1}); }});\n" for n in range(6)),
        ".github/workflows/test.yml": "on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n"
        "    steps:\n      - run: npm test\n",
        "LICENSE": "MIT License\n\nCopyright (c) 2026\n",
    }
    members = [
        make_repository(shop, record=make_record(name, homepage="https://market-example.vercel.app"))
        for name in ("market", "stalls", "orders")
    ]
    snapshot = msgspec.structs.replace(STRONG.snapshot, contributions=Contributions((), 0), pinned=())
    card = judged(members, snapshot)
    assert card.ceiling == "certain"
    assert card.high < 40
