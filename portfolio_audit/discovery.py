"""Finding the checks that are installed, without knowing any of them by name.

One entry point in the group `portfolio_audit.checks` stands for one provider; its value is a module, or a package whose
direct submodules are walked. So a new file in a provider's package is a new check, with nothing to register.
"""

import importlib
import logging
import pkgutil
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from portfolio_audit.api import Check
from portfolio_audit.errors import PluginError
from portfolio_audit.snapshot import Value

GROUP = "portfolio_audit.checks"

_log = logging.getLogger(__name__)


class ProvidedCheck(Value, frozen=True):
    """A check, the distribution that brings it, and that distribution's version (null where it has none)."""

    check: Check
    provider: str
    version: str | None


class Problem(Value, frozen=True):
    """A module of a provider that could not be imported, and why in one line."""

    provider: str
    module: str
    reason: str


class Discovered(Value, frozen=True):
    """All checks sorted by id, and what could not be imported."""

    checks: tuple[ProvidedCheck, ...]
    problems: tuple[Problem, ...]


def discover() -> Discovered:
    """The checks of every installed provider.

    A module that fails to import is a Problem and costs only itself. Raises PluginError if two checks have one id.
    """
    found: dict[str, ProvidedCheck] = {}
    problems: list[Problem] = []
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        provider = entry.dist.name if entry.dist else entry.name
        version = entry.dist.version if entry.dist else None
        for check in _checks(_modules(entry, provider, problems)):
            other = found.setdefault(check.id, ProvidedCheck(check, provider, version))
            if other.check is not check:
                raise PluginError(
                    f"two checks are called {check.id!r}: one of {other.provider} in {other.check.module}, "
                    f"one of {provider} in {check.module}",
                    hint="uninstall one of the two providers, or ask its author to rename the check",
                )
    return Discovered(tuple(found[id] for id in sorted(found)), tuple(problems))


def _modules(entry: EntryPoint, provider: str, problems: list[Problem]) -> Iterator[ModuleType]:
    root = _import(entry.module, provider, problems)
    if root is None:
        return
    yield root
    for info in sorted(pkgutil.iter_modules(getattr(root, "__path__", ())), key=lambda info: info.name):
        module = _import(f"{root.__name__}.{info.name}", provider, problems)
        if module is not None:
            yield module


def _import(name: str, provider: str, problems: list[Problem]) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as fault:  # a stranger's module may raise anything, and costs only itself
        _log.debug("%s of %s does not import", name, provider, exc_info=True)
        problems.append(Problem(provider, name, f"{type(fault).__name__}: {fault}".splitlines()[0]))
        return None


def _checks(modules: Iterable[ModuleType]) -> Iterator[Check]:
    for module in modules:
        yield from (value for value in vars(module).values() if isinstance(value, Check))
