"""What is measured: each claim of the labels, and how it follows from the signals of a repository.

To measure another claim add a row to CLAIMS. The derivations are written out in
docs/accuracy.md.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from portfolio_audit.facts.fact import Repository
from portfolio_audit.facts.signals import Signals as Recognised

Signals = Mapping[str, Any]


class Claim(msgspec.Struct, frozen=True):
    """One claim. `kind` yesno: `value` gives true, false or null; exact: it gives the label itself or null.

    `within` (for numbers) is the distance that still counts as agreement. `label` is the key inside the label's
    object. `signals` are the fields it needs; `evidence` those shown where it disagrees.
    """

    field: str
    kind: str
    signals: tuple[str, ...]
    value: Callable[[Signals], Any]
    label: str = "label"
    within: float = 0.0
    name: str = ""

    @property
    def title(self) -> str:
        return self.name or self.field


def hint_class(share: float | None) -> str:
    """The label's classes: none < 0.05 <= some < 0.5 <= most < 0.95 <= all."""
    if share is None:
        return "n/a"
    return "none" if share < 0.05 else "some" if share < 0.5 else "most" if share < 0.95 else "all"


def notebook_class(share: float | None) -> str:
    """The label's classes: none 0, minor < 0.2, mixed < 0.6, heavy."""
    if share is None:
        return "n/a"
    return "none" if share == 0 else "minor" if share < 0.2 else "mixed" if share < 0.6 else "heavy"


def _hints(name: str) -> Callable[[Signals], Any]:
    return lambda signals: signals["type_hints"][name] if (signals["type_hints"] or {}).get("functions") else None


def _yesno(name: str) -> Callable[[Signals], Any]:
    return lambda signals: signals[name]


def _listed(name: str) -> Callable[[Signals], Any]:
    return lambda signals: None if signals[name] is None else bool(signals[name])


def _readme_link(signals: Signals) -> bool | None:
    links = signals["deployment_links"]
    return None if links is None else any(link["where"] == "readme" for link in links)


CLAIMS = (
    Claim("readme_present", "yesno", ("readme_present",), _yesno("readme_present")),
    Claim("readme_quality", "exact", ("readme_quality",), _yesno("readme_quality"), label="score"),
    Claim("readme_quality", "exact", ("readme_quality",), _yesno("readme_quality"), "score", 1, "readme_quality ±1"),
    Claim("tests_present", "yesno", ("tests_present", "test_like_files"), _yesno("tests_present")),
    Claim("type_hints", "exact", ("type_hints",), lambda signals: hint_class(_hints("share_any")(signals))),
    Claim("type_hints", "exact", ("type_hints",), _hints("share_any"), "share_any", 0.02, "share_any ±0.02"),
    Claim("type_hints", "exact", ("type_hints",), _hints("share_full"), "share_full", 0.02, "share_full ±0.02"),
    Claim("type_hints", "exact", ("type_hints",), _hints("share_slots"), "share_slots", 0.02, "share_slots ±0.02"),
    Claim("tutorial_dataset_main", "yesno", ("tutorial_dataset_main",), _yesno("tutorial_dataset_main")),
    Claim("uses_tutorial_dataset_incidentally", "yesno", ("incidental_datasets",), _listed("incidental_datasets")),
    Claim("tutorial_copy", "yesno", ("tutorial_copy",), _yesno("tutorial_copy")),
    Claim("deployment_link", "yesno", ("deployment_links",), _readme_link),
    Claim("containerised", "yesno", ("containerised",), _yesno("containerised")),
    Claim("api_serving", "yesno", ("api_serving",), _listed("api_serving")),
    Claim("frontend", "yesno", ("frontend",), _listed("frontend")),
    Claim("e2e_deployed", "yesno", ("e2e_deployed",), _yesno("e2e_deployed")),
    Claim("data_pipeline", "exact", ("data_pipeline",), _yesno("data_pipeline")),
    Claim("orchestrator", "yesno", ("orchestrator",), _listed("orchestrator"), label=""),
    Claim("experiment_tracking", "yesno", ("experiment_tracking",), _listed("experiment_tracking"), label=""),
    Claim("ci_workflow", "yesno", ("ci_workflow",), _yesno("ci_workflow")),
    Claim("notebooks_share", "exact", ("notebooks_share",), lambda s: notebook_class(s["notebooks_share"])),
    Claim("license", "yesno", ("license",), _yesno("license")),
)


# The facts shown where a claim disagrees.
EVIDENCE: dict[str, tuple[tuple[str, str], ...]] = {
    "readme_present": (("readme", "Readme"),),
    "readme_quality": (("readme", "Readme"),),
    "tests_present": (("test_suite", "TestSuite"),),
    "type_hints": (("type_hints", "TypeHints"),),
    "notebooks_share": (("code_size", "OwnCode"),),
    "tutorial_dataset_main": (("datasets", "Datasets"),),
    "uses_tutorial_dataset_incidentally": (("datasets", "Datasets"),),
    "deployment_link": (("deployment", "Deployment"),),
    "containerised": (("tooling", "Tooling"),),
    "data_pipeline": (("pipeline", "Pipeline"),),
    "orchestrator": (("pipeline", "Pipeline"),),
    "experiment_tracking": (("tracking", "Tracking"),),
    "ci_workflow": (("tooling", "Tooling"),),
    "license": (("tooling", "Tooling"),),
}


def signals(repository: Repository) -> Signals:
    """The signals of a repository, as a report has them."""
    found = repository.fact(Recognised)
    return {} if found is None else found.values
