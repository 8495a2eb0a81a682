"""The parts of an end-to-end project: a model, an interface for programs, one for people, and what deploys them."""

from typing import ClassVar, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.ai_clues import AiClue, is_support, telling
from portfolio_audit.facts.ai_work import AiWork
from portfolio_audit.facts.fact import Fact, Location, Repository, RepositoryFact
from portfolio_audit.facts.serving import Serving
from portfolio_audit.facts.tooling import Tooling
from portfolio_audit.snapshot import Value

MODEL_KINDS = frozenset({"training", "inference", "llm", "embedding"})


class ProjectPart(Value, frozen=True):
    """A part by its name in words, and the place that shows it; null where the project has none."""

    name: str
    location: Location | None


class EndToEnd(RepositoryFact, frozen=True):
    """The four parts in order: model, API, frontend, deployment. None without AI or data work.

    `incomplete` names what could not be read; a part that was not found may then be there. `demonstrated` is where a
    notebook starts an interface, which is no part; `blank` is a container file without content, `astray` one that asks
    for files that are not there, `services` a compose file that only starts ready-made images. `moving` says that data
    are moved and prepared and nothing else, so that there is no model to serve.
    """

    absent: ClassVar[str] = "no model, training or data pipeline was found here"
    reads: ClassVar[tuple[type[Fact], ...]] = (AiWork, Serving, Tooling)
    parts: tuple[ProjectPart, ...] = ()
    demonstrated: Location | None = None
    blank: str | None = None
    astray: Location | None = None
    services: str | None = None
    moving: bool = False

    @classmethod
    def distil(cls, repository: Repository) -> Self | None:
        """Raises Unavailable if the code could not be read or is in a language in which such work is not recognised."""
        work = repository.fact(AiWork)
        if work is None:
            return None
        shown = [clue for clue in work.evidence if clue.kind in MODEL_KINDS and not is_support(clue)]
        model = min(shown, key=_aptness).where if shown else None
        if model is None and work.found is None:
            language = work.language or "its language"
            raise Unavailable(work.incomplete or f"AI or data work in {language} is not recognised")
        if not work.found:
            return None
        serving, tooling = repository.fact(Serving), repository.fact(Tooling)
        gaps = [fact.incomplete for fact in (work, serving, tooling) if fact is not None and fact.incomplete]
        configured = tuple(each.location for each in serving.deploy_config) if serving else ()
        contained = tuple(each.location for each in tooling.own_containers) if tooling else ()
        started = tuple(each.location.path for each in tooling.containers if each.use == "services") if tooling else ()
        deploying = (
            tuple(each.place("deploy") for each in tooling.workflows if "deploy" in each.runs) if tooling else ()
        )
        return cls(
            gaps[0] if gaps else None,
            (
                ProjectPart("a model", model),
                ProjectPart("an API", serving.api[0].location if serving and serving.api else None),
                ProjectPart("a frontend", serving.frontend[0].location if serving and serving.frontend else None),
                ProjectPart(
                    "a container or deploy configuration", next(iter((*contained, *configured, *deploying)), None)
                ),
            ),
            serving.demonstrated[0].location if serving and serving.demonstrated else None,
            tooling.blank[0] if tooling and tooling.blank else None,
            contained[0] if contained and contained[0].note else None,
            started[0] if started else None,
            {*work.kinds} - {"exercise"} == {"pipeline"},
        )

    @property
    def found(self) -> tuple[ProjectPart, ...]:
        """The parts that are there."""
        return tuple(part for part in self.parts if part.location is not None)

    @property
    def missing(self) -> tuple[ProjectPart, ...]:
        """The parts that were not found."""
        return tuple(part for part in self.parts if part.location is None)


def _aptness(clue: AiClue) -> tuple[bool, int, bool]:
    """How well the place shows a model, best first: a call before a mere import or address, a dependency last."""
    note = clue.where.note
    called = note.endswith("()") or note.startswith("a stored model")
    weak = 0 if called else 2 if note.startswith("depends on ") else 1
    return telling(clue) == 3, weak, not paths.name(clue.where.path).startswith("train")
