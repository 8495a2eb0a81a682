"""Calls that show a model better than an import does: one is made, loaded or asked."""

import re

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
_LOADED = re.compile(r"\.(?:load|load_model|load_state_dict|load_learner|load_from_checkpoint|InferenceSession)$")


def model_call(module: PythonModule, each: Import, *, support: bool = False) -> Call | None:
    """The first call on what an import brings that makes, loads or asks a model; of a helper only one that loads."""
    bound = each.alias or each.name or each.package
    names = [name for name in module.called if name == bound or name.startswith(f"{bound}.")]
    found = [name for name in names if _shows(module.resolve(name), each, support)]
    calls = module.calls_of(found)
    return calls[0] if calls else None


def _shows(resolved: str, each: Import, support: bool) -> bool:
    said = resolved.removeprefix(f"{each.module.lstrip('.')}.") if each.name else resolved.partition(".")[2]
    last = "." + said.rpartition(".")[2]
    if _LOADED.search(last):
        return not support or last == ".load_model"
    return not support and _MODEL.search(said) is not None and not _NONE.search(said)
