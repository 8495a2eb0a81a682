"""What starts a workflow of continuous integration."""

from typing import Any, Literal

from portfolio_audit.facts.configuration import mapping, sequence

Trigger = Literal["change", "release", "schedule", "hand"]
# Events of GitHub that come with every change. A push of tags alone is a release.
_CHANGES = frozenset("push pull_request pull_request_target merge_group workflow_run".split())


def limited(system: str, root: dict[Any, Any]) -> tuple[str, ...]:
    """The paths that a change must touch, where each event that comes with a change names some."""
    events = mapping(root.get("on", root.get(True))) if "Actions" in system else {}
    asked = [sequence(mapping(options).get("paths")) for event, options in events.items() if event in _CHANGES]
    return tuple(dict.fromkeys(str(each)[:80] for paths in asked for each in paths))[:5] if asked and all(asked) else ()


def trigger(system: str, root: dict[Any, Any]) -> Trigger:
    """What starts a workflow at best; systems other than GitHub's run at every change if nothing else is said."""
    triggers = root.get("on", root.get(True))
    if "Actions" not in system or triggers is None:
        return "change"
    events = mapping(triggers) or dict.fromkeys(str(each) for each in sequence(triggers) if not isinstance(each, dict))
    push = mapping(events.get("push"))
    tags_only = "push" in events and bool(push) and "tags" in push and not {"branches", "branches-ignore"} & set(push)
    if _CHANGES & (set(events) - ({"push"} if tags_only else set())):
        return "change"
    if tags_only or "release" in events:
        return "release"
    return "schedule" if "schedule" in events else "hand"
