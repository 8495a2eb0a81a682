"""From the facts of skills, roles, plan and certifications to what the report shows, with a link for every place."""

from collections.abc import Callable, Collection, Mapping

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.certifications import Certifications
from portfolio_audit.facts.fact import Fact, Portfolio
from portfolio_audit.facts.roles import RoleFit, Roles, roles
from portfolio_audit.facts.skill_asks import Answer
from portfolio_audit.facts.skill_table import skill_table
from portfolio_audit.facts.skills import Proof, SeenSkill, SeenTool, Skills
from portfolio_audit.facts.timeline import Timeline, plan
from portfolio_audit.report import skills_view as view
from portfolio_audit.report.permalink import is_web, permanent

FACTS: tuple[type[Fact], ...] = (Skills, Roles, Timeline, Certifications)
"""What workers have to read for the map."""

_PUBLIC = (
    "Seen is what public code and configuration use. Work that is private, talks, mathematics on paper, and how"
    " somebody works with others cannot be seen here; what is not seen is not missing."
)
_FILES = "Only the files of this repository were looked at; what is not seen here is not missing."
_LANGUAGES = (
    "Libraries are known in Python, R, Julia, JavaScript, Go, Rust, the JVM’s languages, C#, C++ and Swift; methods"
    " written by hand are told in Python alone."
)
_STATED = "Certifications are stated in the profile; nobody verified them."

Link = Callable[[Proof], view.SkillPlace]


def skill_map(portfolio: Portfolio, changed: Mapping[str, Collection[str]] | None = None) -> view.SkillMap:
    """The map of a portfolio or a repository; an empty one for a folder of repositories.

    `changed` is as in `build`: paths that are not as in the commit have no link.
    """
    skills = portfolio.fact(Skills)
    if skills is None:
        return view.SkillMap()
    whole = portfolio.snapshot.scope == "portfolio"
    link = _linker(portfolio, changed or {})
    fits, timeline = portfolio.fact(Roles), portfolio.fact(Timeline)
    return view.SkillMap(
        repositories=skills.repositories,
        tutorials=skills.copies,
        incomplete=skills.incomplete,
        layers=tuple(
            view.LayerEntry(
                layer.id,
                layer.title,
                layer.guide,
                layer.note,
                tuple(_skill(each, link) for each in skills.skills if each.layer == layer.id),
            )
            for layer in skill_table().layer
        ),
        roles=tuple(_role(fit, link) for fit in fits.fits) if fits else (),
        plan=_plan(timeline, link) if timeline else None,
        certifications=_certifications(portfolio, link),
        limits=(f"{_PUBLIC} {_LANGUAGES}", _STATED) if whole else (f"{_FILES} {_LANGUAGES}",),
    )


def _linker(portfolio: Portfolio, changed: Mapping[str, Collection[str]]) -> Link:
    records = {repository.record.full_name: repository.record for repository in portfolio.repositories}

    def place(proof: Proof) -> view.SkillPlace:
        record, where = records.get(proof.repository), proof.where
        path = (where.path or None) if where else None
        line = where.line if where else None
        url = proof.url if is_web(proof.url) else None
        if url is None and record is not None and path is not None and path not in changed.get(record.id, ()):
            url = permanent(record, path, line, where.end_line if where else None)
        return view.SkillPlace(proof.repository or None, path, line, url, where.note if where else "")

    return place


def _skill(skill: SeenSkill, link: Link) -> view.SkillEntry:
    return view.SkillEntry(
        skill.id, skill.title, skill.state, tuple(_tool(tool, link) for tool in skill.tools), skill.others
    )


def _tool(tool: SeenTool, link: Link) -> view.ToolEntry:
    return view.ToolEntry(tool.name, tool.state, tool.repositories, tool.files, link(tool.proof))


def _ask(answer: Answer, link: Link) -> view.AskEntry:
    return view.AskEntry(answer.title, answer.state, answer.through, link(answer.proof) if answer.proof else None)


def _role(fit: RoleFit, link: Link) -> view.RoleEntry:
    role = next(each for each in roles() if each.id == fit.id)
    asks = tuple(_ask(answer, link) for answer in fit.answers)
    return view.RoleEntry(role.id, role.title, role.guide, role.says, fit.visible, asks, role.unseen)


def _plan(timeline: Timeline, link: Link) -> view.PlanEntry:
    last, following = timeline.last, timeline.next
    return view.PlanEntry(
        last.months if last else None,
        following.months if following else None,
        tuple(answer.title for answer in timeline.open_before),
        tuple(
            view.StretchEntry(
                stretch.months,
                stretch.focus,
                reached.whole,
                tuple(_ask(answer, link) for answer in reached.answers),
                stretch.unseen,
            )
            for stretch, reached in zip(plan(), timeline.stretches, strict=True)
        ),
    )


def _certifications(portfolio: Portfolio, link: Link) -> tuple[view.CertificationEntry, ...] | None:
    """None where no profile was read, or not all of it while nothing was found."""
    try:
        found = portfolio.fact(Certifications)
    except Unavailable:
        return None
    if found is None or (found.incomplete and not found.stated):
        return None
    return tuple(
        view.CertificationEntry(
            each.id,
            each.name,
            each.provider,
            each.signal,
            each.says,
            link(Proof(each.repository, each.where, each.url)),
        )
        for each in found.stated
    )
