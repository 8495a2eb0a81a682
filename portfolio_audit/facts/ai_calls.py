"""Calls that show a model better than an import does: one is made, loaded or asked."""

import re
from collections.abc import Iterable
from operator import attrgetter

from portfolio_audit.facts.python_code import Call, Import, PythonModule

# What a class or function that stands for a model, or asks one, is called.
_MODEL = re.compile(
    r"llm|chat|openai|anthropic|claude|groq|ollama|gemini|generat|model|embed|client|pipeline$|pretrained|agent$|cohere"
    r"|mistral|bedrock|huggingface|completion|together|replicate|infer|predict|yolo|whisper|transcribe",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"prompt|message|memory|history|split|loader|parser|reader|store|retriev|token|error|schema|config|setting|document"
    r"|callback|template|middleware|basemodel|sequence|exception|register|version|save|log_|get_model|import_model|list",
    re.IGNORECASE,
)
_line = attrgetter("line")
_LOADED = re.compile(r"\.(?:load|load_model|load_state_dict|load_learner|load_from_checkpoint|InferenceSession)$")


def model_calls(module: PythonModule, imports: Iterable[tuple[Import, bool]]) -> dict[Import, Call]:
    """For each of these imports the first call on what it brings that makes, loads or asks a model, if there is one.

    The other value says that the import is of a helper around models, of which only a call counts that loads one.
    """
    heads: dict[str, list[str]] = {}
    for name in module.called:
        heads.setdefault(name.partition(".")[0], []).append(name)
    shown = {
        each: [
            name for name in heads.get(each.alias or each.name or each.package, ()) if _shows(module, name, each, helps)
        ]
        for each, helps in imports
    }
    first: dict[str, Call] = {}
    for call in module.calls_of({name for names in shown.values() for name in names}):
        first.setdefault(call.name, call)
    return {each: min((first[name] for name in names), key=_line) for each, names in shown.items() if names}


def _shows(module: PythonModule, name: str, each: Import, support: bool) -> bool:
    resolved = module.resolve(name)
    said = resolved.removeprefix(f"{each.module.lstrip('.')}.") if each.name else resolved.partition(".")[2]
    last = "." + said.rpartition(".")[2]
    if _LOADED.search(last):
        return not support or last == ".load_model"
    return not support and _MODEL.search(said) is not None and not _NONE.search(said)
