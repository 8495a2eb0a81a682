"""The map of skills in a sentence or two, for a terminal."""

from portfolio_audit.report.skills_view import SkillMap


def paragraph(map: SkillMap) -> str:
    """What is visible of each role and of the plan, or (of a repository alone) of each layer; "" for an empty map."""
    if not map.layers:
        return ""
    if not map.roles:
        rows = (
            f"{layer.title} {sum(skill.state == 'seen' for skill in layer.skills)} of {len(layer.skills)}"
            for layer in map.layers
        )
        return f"Skills seen in this code (not scored): {', '.join(rows)}."
    fits = ", ".join(f"{role.title} {role.visible} of {len(role.asks)}" for role in map.roles)
    said = f"Visible of what roles ask for (not scored): {fits}."
    if map.plan is not None:
        last, following = map.plan.last, map.plan.next
        reached = f"months {last} whole" if last else "no stretch whole"
        said += f" Of the guide’s plan: {reached}{f', months {following} next' if following else ''}."
    if map.certifications:
        said += f" Stated, not verified: {', '.join(each.name for each in map.certifications)}."
    return said
