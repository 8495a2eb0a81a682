"""The map of skills of the invented portfolio: every state once, texts of others among them."""

from portfolio_audit.facts.roles import roles
from portfolio_audit.facts.skill_table import skill_table
from portfolio_audit.facts.timeline import plan
from portfolio_audit.report import skills_view as view

HEAD = "c" * 40


def place(name: str, path: str, line: int | None, note: str = "") -> view.SkillPlace:
    lines = f"#L{line}" if line else ""
    url = f"https://github.com/ada-invented/{name}/blob/{HEAD}/{path}{lines}"
    return view.SkillPlace(f"ada-invented/{name}", path, line, url, note)


def tool(name: str, evidence: view.SkillPlace, *, state: view.State = "seen", files: int = 1) -> view.ToolEntry:
    return view.ToolEntry(name, state, 1, files, evidence)


SEEN = {
    "python": (tool("Python modules", place("swarm", "swarm/train.py", 12, "def train"), files=31),),
    "data": (
        tool("pandas", place("swarm", "swarm/features.py", 8, "pd.read_csv()"), files=9),
        tool("SQL", place("hive-api", "sql/hives.sql", 1)),
    ),
    "deep-learning": (tool("PyTorch", place("first-steps", "mnist.py", 3, "torch.tensor()"), state="tutorial"),),
    "api": (tool("FastAPI", place("hive-api", "app/main.py", 5, "FastAPI()")),),
    "containers": (tool("Docker", place("hive-api", "Dockerfile", 1)),),
}
UNKNOWN = ("monitoring",)


def skill_map() -> view.SkillMap:
    """The map: two rows seen in every layer or so, one of a tutorial only, one that could not be told."""
    return view.SkillMap(
        repositories=4,
        tutorials=("ada-invented/first-steps",),
        incomplete="1 of 5 own repositories could not be read whole",
        layers=tuple(
            view.LayerEntry(
                layer.id,
                layer.title,
                layer.guide,
                layer.note,
                tuple(_row(skill.id) for skill in skill_table().skill if skill.layer == layer.id),
            )
            for layer in skill_table().layer
        ),
        roles=tuple(
            view.RoleEntry(role.id, role.title, role.guide, role.says, 1, _asks(tuple(role.asks)), role.unseen)
            for role in roles()
        ),
        plan=view.PlanEntry(
            "1–2",
            "3–4",
            (),
            tuple(
                view.StretchEntry(
                    stretch.months,
                    stretch.focus,
                    number == 0,
                    _asks(stretch.milestone, whole=number == 0),
                    stretch.unseen,
                )
                for number, stretch in enumerate(plan())
            ),
        ),
        certifications=(
            view.CertificationEntry(
                "tensorflow-developer",
                "TensorFlow Developer Certificate",
                "Google",
                "moderate",
                "shows hands-on coding with a large framework",
                place("ada-invented", "README.md", 9),
            ),
        ),
        limits=("Seen is what public code uses; what is not seen is not missing.", "Stated, not verified."),
    )


def _row(id: str) -> view.SkillEntry:
    skill = next(each for each in skill_table().skill if each.id == id)
    seen = SEEN.get(id, ())
    state: view.State = seen[0].state if seen else "unknown" if id in UNKNOWN else "not-seen"
    names = {each.name for each in seen}
    return view.SkillEntry(id, skill.title, state, seen, tuple(t.name for t in skill.tools if t.name not in names))


def _asks(asks: tuple[object, ...], *, whole: bool = False) -> tuple[view.AskEntry, ...]:
    states: tuple[view.State, ...] = ("seen", "tutorial", "unknown")
    return tuple(
        view.AskEntry(
            ask.title,  # type: ignore[attr-defined]
            state := "seen" if whole else states[number] if number < len(states) else "not-seen",
            "FastAPI" if state == "seen" else "",
            place("hive-api", "app/main.py", 5) if state in ("seen", "tutorial") else None,
        )
        for number, ask in enumerate(asks)
    )
