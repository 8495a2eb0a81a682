"""Certifications that a profile states; a name without a statement is none."""

from typing import Any

import msgspec
import pytest

from portfolio_audit.facts.certifications import Certifications, certifications, stated_in
from portfolio_audit.snapshot import Owner, Snapshot
from portfolio_audit.testing import make_portfolio, make_record, make_repository

AWS, GOOGLE, TENSORFLOW = "aws-machine-learning-specialty", "google-professional-ml-engineer", "tensorflow-developer"
AZURE, COURSERA, IBM = "azure-ai-engineer", "deeplearning-ai-tensorflow", "ibm-ai-engineering"


def stated(readme: str | None = None, bio: str | None = None, **fields: Any) -> Certifications | None:
    owner = Owner("User", "sample-owner", url="https://github.example/sample-owner", bio=bio)
    snapshot = msgspec.structs.replace(Snapshot("authenticated", "portfolio", owner), **fields)
    home = [make_repository({"README.md": readme}, record=make_record("sample-owner"))] if readme is not None else []
    return make_portfolio(home, snapshot=snapshot).fact(Certifications)


STATED = [
    ("## Certifications\n\n- AWS Machine Learning Specialty (2024)\n", AWS),
    ("I am an AWS Certified Machine Learning – Specialty engineer.\n", AWS),
    ("## Certificados\n\n* Google Professional Machine Learning Engineer\n", GOOGLE),
    ("![Google Professional ML Engineer](https://images.example/badge.png)\n", GOOGLE),
    ("[![x](https://images.example/aws-certified-machine-learning-specialty.png)](https://c.example)\n", AWS),
    ("I hold the TensorFlow Developer Certificate.\n", TENSORFLOW),
    ("### Licenses & certifications\n\n| Name |\n|---|\n| Microsoft Azure AI Engineer Associate |\n", AZURE),
    ("## Certifications\n\n- DeepLearning.AI TensorFlow Developer (Coursera)\n", COURSERA),
    ("## Certifications\n\n- IBM AI Engineering Professional Certificate\n", IBM),
]


@pytest.mark.parametrize(("readme", "id"), STATED)
def test_a_statement_counts(readme: str, id: str) -> None:
    found = stated(readme)
    assert found is not None
    assert [each.id for each in found.stated] == [id]
    assert found.stated[0].where is not None
    assert found.stated[0].where.line is not None


UNSTATED = [
    "Google Professional Machine Learning Engineer certification candidate\n",
    "* 2 May - update the section on the closing of the TensorFlow Developer Certification program\n",
    "Striving to become a certified Professional Machine Learning Engineer.\n",
    "I work on AWS machine learning. A specialty of mine is bees.\n",
    "## Certifications\n\n- preparing for the AWS Machine Learning Specialty\n",
    "## Goals\n\n- AWS Machine Learning Specialty certification\n",
    "Next: Google Professional Machine Learning Engineer certification.\n",
    "Notes for the AWS Certified Machine Learning Specialty exam.\n",
    "I teach a course for the TensorFlow Developer Certificate.\n",
    "I am a professional machine learning engineer.\n",
    "## Certifications\n\n- AWS Certified Machine Learning Engineer – Associate\n",
    "```\nAWS Machine Learning Specialty certificate\n```\n",
    "<!-- certified: AWS Machine Learning Specialty -->\n",
]


@pytest.mark.parametrize("readme", UNSTATED)
def test_what_is_no_statement_does_not(readme: str) -> None:
    found = stated(readme)
    assert found is not None
    assert found.stated == ()


def test_the_line_of_a_profile_states_too() -> None:
    found = stated(bio="TensorFlow Certified Developer, bees")
    assert found is not None
    (one,) = found.stated
    assert (one.id, one.signal, one.url) == (TENSORFLOW, "moderate", "https://github.example/sample-owner")


def test_the_order_is_the_guides() -> None:
    found = stated("## Certifications\n\n- IBM AI Engineering\n- Professional ML Engineer (Google)\n")
    assert found is not None
    assert [each.id for each in found.stated] == [GOOGLE, IBM]
    assert [each.signal for each in certifications()] == [
        "strong",
        "strong",
        "moderate",
        "moderate",
        "entry-level",
        "low",
    ]


def test_another_repository_of_theirs_states_nothing() -> None:
    files = {"README.md": "## Certifications\n\n- AWS Machine Learning Specialty\n"}
    snapshot = Snapshot("authenticated", "portfolio", Owner("User", "sample-owner"))
    found = make_portfolio([make_repository(files, record=make_record("notes"))], snapshot=snapshot).fact(
        Certifications
    )
    assert found is not None
    assert found.stated == ()


def test_files_on_a_disk_and_organisations_have_no_profile() -> None:
    assert stated("# Hi\n", mode="local") is None
    assert stated("# Hi\n", owner=Owner("Organization", "sample-owner")) is None


def test_a_profile_that_could_not_be_read_is_said() -> None:
    snapshot = Snapshot("authenticated", "portfolio", Owner("User", "sample-owner"))
    home = make_repository({}, record=make_record("sample-owner"), unread={"README.md": "it is missing"})
    found = make_portfolio([home], snapshot=snapshot).fact(Certifications)
    assert found is not None
    assert found.incomplete == "README.md: it is missing"


def test_a_hostile_text_costs_little() -> None:
    assert list(stated_in("certified AWS Machine Learning Specialty " * 10_000, "certifications " * 10_000)) == [AWS]
