"""Ask a language model to answer from passages only, and check its quotations."""

from __future__ import annotations

from collections.abc import Sequence

import anthropic

from paper_shelf.rank import Hit

INSTRUCTION = (
    "Answer the question from the passages only. Quote the words that carry the answer and give the number of the "
    "passage in brackets. If the passages do not answer it, say so."
)


def prompt(question: str, hits: Sequence[Hit]) -> str:
    """The passages, numbered, and the question."""
    shelves = "\n\n".join(f"[{number}] {hit.passage.text}" for number, hit in enumerate(hits, 1))
    return f"{shelves}\n\nQuestion: {question}"


def unsupported(answer: str, hits: Sequence[Hit]) -> list[str]:
    """Quotations of the answer that stand in none of the passages."""
    quoted = answer.split('"')[1::2]
    texts = [hit.passage.text for hit in hits]
    return [quote for quote in quoted if not any(quote in text for text in texts)]


def answer(question: str, hits: Sequence[Hit], client: anthropic.Anthropic, model: str = "claude-3-5-haiku-latest") -> str:
    """The model's answer; one that quotes what is not there is refused."""
    message = client.messages.create(
        model=model, max_tokens=500, system=INSTRUCTION, messages=[{"role": "user", "content": prompt(question, hits)}]
    )
    text = "".join(block.text for block in message.content if block.type == "text")
    invented = unsupported(text, hits)
    if invented:
        raise ValueError(f"the answer quotes what no passage says: {invented[0]!r}")
    return text
