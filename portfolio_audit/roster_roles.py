"""Which people of a roster are audited: a class's list often names those who teach it too.

Classroom 50 writes student, teacher, hta and ta (earlier instructor), and nothing before its first synchronisation;
an organisation has owners, a team maintainers. Who carries a role that is not known here is audited and told of, since
a column called "role" may as well hold the job somebody aims at.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence

import msgspec

from portfolio_audit.errors import UsageError
from portfolio_audit.roster import Roster, Student

ALL = "all"
STUDENTS = frozenset(("student", "member", "learner", "participant", "mentee", "trainee", "pupil", "candidate", ""))
STAFF = frozenset(
    (
        "teacher", "instructor", "ta", "hta", "head_ta", "teaching_assistant", "head_teaching_assistant", "assistant",
        "lecturer", "professor", "tutor", "mentor", "coach", "trainer", "grader", "staff", "faculty", "owner",
        "maintainer", "admin", "administrator", "course_admin",
    )
)  # fmt: skip
_MOST_NAMED = 20


def select(roster: Roster, roles: Collection[str]) -> Roster:
    """The roster with those whose role was asked for; by default everybody but staff.

    `roles` are names as the roster has them, whatever their case; "student" also means those without a role, "all"
    everybody. The others are in `left_out`. Raises UsageError if nobody is left.
    """
    wanted = {_plain(role) for role in roles}
    if ALL in wanted:
        return roster
    kept = tuple(student for student in roster.students if _wanted(student, wanted))
    if not kept:
        found = ", ".join(f"{amount} {role}" for role, amount in sorted(Counter(map(role_of, roster.students)).items()))
        who = "has that role" if wanted else "is a student"
        raise UsageError(f"nobody here {who}; roles: {found}", hint="Name one of them with --role, or all.")
    here = {student.key for student in kept}
    others = tuple(student for student in roster.students if student.key not in here)
    warnings = roster.warnings if wanted else (*roster.warnings, *_unknown(kept))
    return msgspec.structs.replace(roster, students=kept, left_out=others, warnings=warnings)


def role_of(student: Student) -> str:
    """The role in words, also where the roster names none."""
    return student.role or "student"


def told(people: Sequence[Student]) -> str:
    """Who was left out, with their lines where there are some."""
    named = [
        (f"line {each.line}: " if each.line else "") + f"{each.login or each.name or each.key} ({role_of(each)})"
        for each in people[:_MOST_NAMED]
    ]
    more = f" and {len(people) - _MOST_NAMED} more" if len(people) > _MOST_NAMED else ""
    return f"Left out by role: {', '.join(named)}{more}. --role {ALL} audits them too"


def _wanted(student: Student, wanted: Collection[str]) -> bool:
    role = _plain(student.role or "")
    if not wanted:
        return role not in STAFF
    return role in wanted or ("student" in wanted and role in STUDENTS)


def _plain(role: str) -> str:
    return re.sub(r"[\s_-]+", "_", role.strip().casefold())


def _unknown(kept: Sequence[Student]) -> list[str]:
    roles = Counter(each.role for each in kept if each.role and _plain(each.role) not in STUDENTS)
    return [
        f"{amount} with the role {role!r} {'is' if amount == 1 else 'are'} audited as students; --role student leaves "
        "them out"
        for role, amount in sorted(roles.items())
    ][:_MOST_NAMED]
