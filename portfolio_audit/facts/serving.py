"""What makes a project an application: an interface for programs, one for people, and a configuration of deployment.

Read from calls and dependencies of the project's own code. What tests, examples and documentation do is not what the
project is.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.manifests import Manifests, find_manifests
from portfolio_audit.facts.python_code import Function, PythonModule, python_code
from portfolio_audit.facts.serving_deploy import Framework, deploy_files, is_shown, line_with
from portfolio_audit.facts.words import load_table
from portfolio_audit.tree import KIB, File, SourceTree

PART_LIMIT = 12
_SEARCHED = 300
_PAGES = frozenset((".html", ".htm"))
_FILLED_IN = ("<form", "<input", "<canvas", "<button", "<textarea")
_VIEWS = frozenset((".jsx", ".tsx", ".vue", ".svelte"))
_SCRIPTS = frozenset((".js", ".jsx", ".ts", ".tsx", ".mjs", ".vue", ".svelte"))
# Streamlit has no object to make: an application calls its elements.
_STREAMLIT = frozenset(
    "title header subheader write markdown sidebar set_page_config button text_input selectbox slider file_uploader "
    "columns dataframe pyplot plotly_chart chat_input navigation text_area number_input radio checkbox form map "
    "line_chart".split()
)


# Imported without being asked for where another package brings it.
_EXPRESS = ("from 'express'", 'from "express"', "require('express')", 'require("express")')

_SERVERS = frozenset(("api", "server", "backend"))
_ASIDE_ROUTES = ("auth", "webhook", "health")

# Run on demand, on a schedule or on the user's own machine.
_UNSEEN = frozenset(
    (
        *("Terraform", "Kubernetes", "Helm", "Skaffold", "AWS CDK", "AWS SAM", "AWS CodeDeploy", "AWS Lambda handler"),
        *("Databricks", "Serverless Framework", "MCP server", "gRPC", "Azure", "Azure Functions", "Pulumi"),
        *("Google Cloud Functions", "Firebase Functions", "Flutter", "Android", "SwiftUI", "UIKit"),
    )
)


class Serving(TreeFact, frozen=True):
    """The parts of an application. Always there; a part that the project does not have is empty.

    Notebooks are left out: what starts in one is a demonstration, not a service. `demonstrated` is what they start.
    """

    version: ClassVar[str] = "7"
    api: tuple[Framework, ...] = ()
    frontend: tuple[Framework, ...] = ()
    deploy_config: tuple[Framework, ...] = ()
    demonstrated: tuple[Framework, ...] = ()

    @classmethod
    def distil(cls, tree: SourceTree) -> Self:
        """Always a value. `incomplete` says how much Python could not be read."""
        code = tree.derive(python_code)
        modules = [module for module in code.modules if is_shown(module.path)]
        manifests = tree.derive(find_manifests)
        api = _distinct(
            (
                *_python_api(modules),
                *_javascript(tree, manifests, "api"),
                *_routes(tree, manifests),
                *_sentences(tree, "api"),
                *_by_files(tree, load_table("serving")["api"]["files"]),
            )
        )
        frontend = _distinct(
            (*_python_frontend(modules), *_javascript(tree, manifests, "frontend"), *_other_frontend(tree))
        )
        if not frontend:
            frontend = _distinct(_pages(tree, api))
        unread = sum(1 for path in code.unread if paths.language(path) == "Python" and is_shown(path))
        total = len(code.modules) + unread
        incomplete = f"{unread} of {total} Python files could not be read" if unread else None
        placed = (*deploy_files(tree), *_called(modules, load_table("serving")["deploy"]["python"]))
        notebooks = [module for module in code.notebooks if is_shown(module.path)]
        demonstrated = _distinct((*_python_api(notebooks), *_python_frontend(notebooks)))
        return cls(incomplete, api, frontend, _distinct(placed), demonstrated)

    @property
    def hosted(self) -> bool:
        """Whether the project is something that people reach at an address once it runs.

        Infrastructure alone says no: batch pipelines have it too, and are reached by nobody.
        """
        parts = (*self.api, *self.frontend, *self.deploy_config)
        return any(part.name not in _UNSEEN for part in parts)


def _distinct(found: Iterable[Framework]) -> tuple[Framework, ...]:
    first: dict[str, Framework] = {}
    for framework in found:
        first.setdefault(framework.name, framework)
    return tuple(first.values())[:PART_LIMIT]


def _called(modules: list[PythonModule], names: dict[str, str]) -> Iterable[Framework]:
    for module in modules:
        for call in module.calls_of([name for name in module.called if module.resolve(name) in names]):
            yield Framework(names[module.resolve(call.name)], module.place(call.line))
        for function in module.functions:
            for decorator in function.decorators:
                framework = names.get(module.resolve(decorator))
                if framework is not None:
                    yield Framework(framework, module.place(function.line))
        for each in module.classes:
            for decorator in each.decorators:
                framework = names.get(module.resolve(decorator))
                if framework is not None:
                    yield Framework(framework, module.place(each.line))


def _python_api(modules: list[PythonModule]) -> Iterable[Framework]:
    yield from _called(modules, load_table("serving")["api"]["python"])
    for module in modules:
        for function in module.functions:
            named = function.name in ("lambda_handler", "handler") and len(function.parameters) == 2
            named = named and (function.name[0] == "l" or function.parameters[0].name == "event")
            if named and _answers(module, function):
                yield Framework("AWS Lambda handler", module.place(function.line))


def _answers(module: PythonModule, function: Function) -> bool:
    """Whether a handler in the cloud answers who calls it.

    One that takes records off a queue or bucket does not, nor one that never looks at what it was asked: it is a job.
    """
    if b"Records" in module.source and b"statusCode" not in module.source:
        return False
    asked = function.parameters[0].name.encode()
    start = module.lines.start(function.line + 1)
    return asked in module.source[start : module.lines.start(function.end_line + 1)]


def _python_frontend(modules: list[PythonModule]) -> Iterable[Framework]:
    for module in modules:
        if "streamlit" in module.packages:
            for call in module.calls:
                package, _, element = module.resolve(call.name).partition(".")
                if package == "streamlit" and element.partition(".")[0] in _STREAMLIT:
                    yield Framework("Streamlit", module.place(call.line))
                    break
    yield from _called(modules, load_table("serving")["frontend"]["python"])


def _javascript(tree: SourceTree, manifests: Manifests, part: str) -> Iterable[Framework]:
    """Frameworks that a package.json asks for and an own script imports."""
    wanted: dict[str, str] = load_table("serving")[part]["javascript"]
    if part == "api" and (place := _search(tree, _SCRIPTS, _EXPRESS)) is not None:
        yield Framework("Express", place)
    asked = {
        package.name: Location(manifest.path, package.line)
        for manifest in manifests.files
        if manifest.ecosystem == "javascript"
        for package in manifest.packages
        if package.name in wanted
    }
    if not asked:
        return
    for name, framework in wanted.items():
        if name in asked:
            quoted = (f"'{name}", f'"{name}')
            marks = (
                (*quoted, "<template", "<script") if part == "frontend" else tuple(mark + mark[0] for mark in quoted)
            )
            place = _search(tree, _VIEWS, marks, pages=True) if part == "frontend" else None
            place = place or _search(tree, _SCRIPTS, marks, pages=part == "frontend")
            if place is not None:
                yield Framework(framework, place)


def _sentences(tree: SourceTree, part: str) -> Iterable[Framework]:
    """What files of other languages say by a sentence that only such a program has. Each file is read once."""
    entries: list[dict[str, Any]] = load_table("serving")[part]["other"]
    found: dict[int, Location] = {}
    searched: dict[str, int] = {}
    for ending, file in tree.derive(_searchable):
        wanted = [place for place, entry in enumerate(entries) if ending in entry["endings"] and place not in found]
        if not wanted or searched.get(ending, 0) >= _SEARCHED:
            continue
        searched[ending] = searched.get(ending, 0) + 1
        try:
            text = tree.text(file.path)
        except Unavailable:
            continue
        for place in wanted:
            if (position := text.find(entries[place]["sentence"])) >= 0:
                found[place] = Location(file.path, text.count("\n", 0, position) + 1)
    for place in sorted(found):
        yield Framework(entries[place]["name"], found[place])


def _by_files(tree: SourceTree, wanted: dict[str, list[str]]) -> Iterable[Framework]:
    """Files that are something if they are called so and say so."""
    for file in tree.derive(paths.own_files):
        entry = wanted.get(paths.name(file.path).lower())
        if entry is not None and is_shown(file.path) and (line := line_with(tree, file.path, entry[0])):
            yield Framework(entry[1], Location(file.path, line))


def _routes(tree: SourceTree, manifests: Manifests) -> Iterable[Framework]:
    """Handlers that a framework or host serves by the folder they lie in; sign-in is none.

    Next.js serves `app/api/**/route.ts` and files below `pages/api`, SvelteKit `+server.ts`, Nuxt `server/api`.
    """
    packages = {package.name for manifest in manifests.files for package in manifest.packages}
    for file in tree.derive(paths.own_files):
        above, base = paths.folders(file.path), paths.name(file.path).lower()
        if paths.suffix(base) not in _SCRIPTS or not is_shown(file.path):
            continue
        if any(word in file.path.lower() for word in _ASIDE_ROUTES):
            continue
        parent = above[above.index("api") - 1] if "api" in above[1:] else ""
        stem = base.partition(".")[0]
        if "next" in packages and ((parent == "app" and stem == "route") or parent == "pages"):
            yield Framework("Next.js API route", Location(file.path))
        elif "@sveltejs/kit" in packages and stem == "+server":
            yield Framework("SvelteKit endpoint", Location(file.path))
        elif "nuxt" in packages and parent == "server":
            yield Framework("Nuxt server route", Location(file.path))
        elif above[:2] in (("netlify", "functions"), ("supabase", "functions")):
            yield Framework(f"{above[0].capitalize()} function", Location(file.path))


def _other_frontend(tree: SourceTree) -> Iterable[Framework]:
    yield from _sentences(tree, "frontend")
    for file in tree.derive(paths.own_files):
        if file.path.lower().endswith("/ui.r") or file.path.lower() == "ui.r":
            yield Framework("Shiny", Location(file.path))


def _pages(tree: SourceTree, api: tuple[Framework, ...]) -> Iterable[Framework]:
    """Plain pages: templates of a Python server, pages of PHP, or a page at the root, with something to fill in."""
    place = _search(tree, _PAGES, _FILLED_IN)
    if place is None:
        if (written := _search(tree, frozenset((".php",)), _FILLED_IN)) is not None:
            yield Framework("PHP pages", written)
        return
    server = next(
        (framework.name for framework in api if framework.name in ("Flask", "Django", "FastAPI", "Bottle", "Quart")),
        None,
    )
    if server is not None and "templates" in paths.folders(place.path):
        yield Framework(f"{server} HTML templates", place)
    elif api or place.path.rpartition("/")[2].lower() == "index.html":
        yield Framework("HTML", place)


def _search(
    tree: SourceTree, endings: frozenset[str], marks: tuple[str, ...], *, pages: bool = False
) -> Location | None:
    """The first own file with one of these endings that holds one of the marks, with its line.

    With `pages`, folders that hold an API or a server are left out.
    """
    searched = 0
    for ending, file in tree.derive(_searchable):
        if ending not in endings:
            continue
        if pages and not _SERVERS.isdisjoint(paths.folders(file.path)):
            continue
        searched += 1
        if searched > _SEARCHED:
            return None
        try:
            text = tree.text(file.path)
        except Unavailable:
            continue
        positions = [position for position in map(text.find, marks) if position >= 0]
        if positions:
            return Location(file.path, text.count("\n", 0, min(positions)) + 1)
    return None


def _searchable(tree: SourceTree) -> tuple[tuple[str, File], ...]:
    """The files that may be searched, each with its ending."""
    return tuple(
        (paths.suffix(file.path), file)
        for file in tree.derive(paths.own_files)
        if file.size <= 256 * KIB
        and not paths.name(file.path).startswith(".")
        and ".config." not in paths.name(file.path)
        and is_shown(file.path)
    )
