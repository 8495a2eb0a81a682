"""The map of skills in a few sentences, for a terminal."""

from collections.abc import Iterator

from portfolio_audit.report.skills_view import SkillMap


def sentences(map: SkillMap) -> Iterator[str]:
    """Rows seen by layer, asks visible by role, the last whole stretch of the plan; nothing for an empty map."""
    if not map.layers:
        return
    layers = ", ".join(
        f"{layer.title.lower()} {sum(skill.state == 'seen' for skill in layer.skills)} of {len(layer.skills)}"
        for layer in map.layers
    )
    yield f"Skills seen in code (not scored): {layers}."
    if map.roles:
        fits = ", ".join(f"{role.title} {role.visible} of {len(role.asks)}" for role in map.roles)
        yield f"Asked of a role and visible: {fits}."
    if map.plan is not None:
        last, following = map.plan.last, map.plan.next
        reached = f"months {last} visible whole" if last else "no stretch visible whole"
        yield f"The guide’s plan: {reached}{f', months {following} next' if following else ''}."
    if map.certifications:
        yield f"Stated, not verified: {', '.join(each.name for each in map.certifications)}."
