"""How large a page may be, and that any report at all can be shown."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_audit.report import html, index, model, skills_view, text
from portfolio_audit.report.html import MOST_BYTES
from tests.golden import hostile as attacks
from tests.golden.portfolio import place, portfolio, repository, result, results
from tests.golden.reading import nodes


def test_twenty_five_repositories_of_thirty_checks_stay_under_500_kb() -> None:
    states_of = ("passed", "failed", "partial", "passed", "passed", "unknown")
    many = []
    for number in range(25):
        name = f"project-number-{number}"
        answers = tuple(
            result(
                f"check-{n:02}",
                "A statement of some length about the good state of it",
                states_of[n % 6],
                f"{n} of 31 places hold what this statement asks for",
                *[place(name, f"src/package/module_{m}.py", m + 1, m + 9) for m in range((1, 2, 2, 1, 1, 0)[n % 6])],
                fix="Add what is missing in the places named below." if n % 6 in (1, 2) else None,
                searched="212 files",
            )
            for n in range(30)
        )
        many.append(repository(name, shown=number < 3, answers=answers))
    page = html.render(msgspec.structs.replace(portfolio(), repositories=tuple(many)))
    assert len(page.encode()) <= 500_000
    assert "This page is cut" not in page


@pytest.mark.parametrize("attack", [False, True])
def test_no_page_passes_the_hard_stop_and_a_cut_is_said(attack: bool) -> None:
    long = "a sentence that goes on " * 20
    wide = tuple(
        msgspec.structs.replace(each, check=f"check-{n}", title=long, summary=f"{n} {long}")
        for n, each in enumerate(results("wide", evidence=6) * 12)
    )
    report = msgspec.structs.replace(
        portfolio(),
        repositories=tuple(repository(f"r-{n}", shown=n < 3, answers=wide) for n in range(40)),
        limits=tuple(model.LimitEntry(f"kind-{n}", f"place-{n}", f"detail {n} {long}") for n in range(900)),
    )
    page = html.render(attacks.hostile(report) if attack else report)
    assert len(page.encode()) <= MOST_BYTES
    assert "This page is cut to stay below 2 MB" in page
    assert "in the JSON report" in page


def test_no_report_is_too_much() -> None:
    """Thousands of everything, all of it shown, every text as costly as text can be."""
    costly = "\U000e0041&" * 400
    every = portfolio()
    answers = tuple(
        msgspec.structs.replace(each, check=f"check-{n}", title=costly, summary=f"{n} {costly}", fix=costly)
        for n, each in enumerate(results("much", evidence=40) * 20)
    )
    criterion = msgspec.structs.replace(every.categories[0].criteria[0], title=costly, note=costly)
    category = msgspec.structs.replace(every.categories[0], title=costly, criteria=(criterion,) * 90)
    report = msgspec.structs.replace(
        every,
        notes=(costly,) * 500,
        categories=(category,) * 90,
        repositories=tuple(repository(f"r-{n} {costly}", shown=n < 12, answers=answers) for n in range(120)),
        portfolio_results=answers,
        fixes=tuple(msgspec.structs.replace(every.fixes[1], text=costly, guide=costly) for _ in range(500)),
        limits=tuple(model.LimitEntry(f"{n} {costly}", costly, costly) for n in range(500)),
        bands=tuple(model.Band(costly, float(n)) for n in range(100)),
    )
    assert len(html.render(report).encode()) <= MOST_BYTES


words = st.text(max_size=12)
numbers = st.integers(0, 10_000).map(lambda hundredths: hundredths / 100)
ranges = st.tuples(numbers, numbers).map(lambda ends: (min(ends), max(ends)))
shares = st.integers(0, 100).map(lambda hundredths: hundredths / 100)
maybe = st.none() | words
evidence = st.builds(model.EvidenceLink, maybe, st.none() | st.just(3), st.none() | st.just(9), maybe, words)
answers = st.lists(
    st.builds(
        model.Result,
        words,
        words,
        st.sampled_from(["passed", "partial", "failed", "not_applicable", "unknown"]),
        st.none() | shares,
        shares,
        words,
        st.lists(evidence, max_size=2).map(tuple),
        maybe,
        maybe,
    ),
    max_size=3,
).map(tuple)
criteria = st.lists(
    st.builds(
        model.Criterion, words, words, words, st.none() | numbers, ranges, numbers, shares, st.just(()),
        st.lists(words, max_size=2).map(tuple), words, st.booleans(),
    ),
    max_size=2,
).map(tuple)  # fmt: skip
spots = st.builds(skills_view.SkillPlace, maybe, maybe, st.none() | st.just(3), maybe, words)
kinds = st.sampled_from(["seen", "tutorial", "not-seen", "unknown"])
tools = st.lists(st.builds(skills_view.ToolEntry, words, kinds, st.just(2), st.just(3), spots), max_size=2).map(tuple)
asks = st.lists(st.builds(skills_view.AskEntry, words, kinds, words, st.none() | spots), max_size=3).map(tuple)
rows = st.lists(st.builds(skills_view.SkillEntry, words, words, kinds, tools, st.tuples(words)), max_size=2).map(tuple)
skills = st.just(skills_view.SkillMap()) | st.builds(
    skills_view.SkillMap,
    st.just(3),
    st.tuples(words),
    maybe,
    st.tuples(st.builds(skills_view.LayerEntry, words, words, words, words, rows)),
    st.tuples(st.builds(skills_view.RoleEntry, words, words, words, words, st.just(1), asks, st.tuples(words))),
    st.none()
    | st.builds(
        skills_view.PlanEntry, maybe, maybe, st.tuples(words),
        st.tuples(st.builds(skills_view.StretchEntry, words, words, st.booleans(), asks, st.tuples(words))),
    ),
    st.none()
    | st.tuples(st.builds(skills_view.CertificationEntry, words, words, words, st.just("strong"), words, spots)),
    st.lists(words, max_size=2).map(tuple),
)  # fmt: skip
reports = st.builds(
    model.Report,
    st.just(1),
    st.builds(model.Tool, words, words, words, words),
    maybe,
    st.builds(model.Subject, st.sampled_from(["user", "organization", "repository", "folder"]), maybe, maybe, words),
    st.none() | numbers,
    ranges,
    st.sampled_from(["portfolio", "repository"]),
    shares,
    words,
    st.lists(words, max_size=2).map(tuple),
    st.lists(st.builds(model.Category, words, words, st.none(), ranges, numbers, shares, criteria), max_size=2).map(
        tuple
    ),
    st.lists(
        st.builds(
            model.RepositoryEntry, words, maybe, maybe, maybe, st.booleans(), st.booleans(), maybe,
            st.none() | numbers, ranges, st.just({}), answers,
        ),
        max_size=4,
    ).map(tuple),
    answers,
    st.lists(
        st.builds(model.Fix, words, maybe, numbers, st.sampled_from(["minutes", "hours", "days"]), words, words),
        max_size=3,
    ).map(tuple),
    numbers,
    st.lists(st.builds(model.LimitEntry, words, words, words), max_size=3).map(tuple),
    skills,
    st.none(),
    st.lists(st.builds(model.Band, words, numbers), max_size=4).map(tuple),
)  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True)
@given(reports)
def test_any_report_can_be_shown(report: model.Report) -> None:
    page = html.render(report)
    assert page.rstrip().endswith("</html>")
    assert not [node for node in nodes(page) if any(name.startswith("on") for name in node.attributes)]
    assert text.render(report).endswith("\n")
    assert index.render("Any", [index.Row("a.html", report)]).rstrip().endswith("</html>")
