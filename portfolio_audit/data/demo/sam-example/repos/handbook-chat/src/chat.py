"""Ask the handbook."""

from retrieve import Retriever
from openai import OpenAI

client = OpenAI()


def ask(question: str, retriever: Retriever) -> str:
    """Answer from the three best pages."""
    pages = retriever.search(question, 3)
    context = "\n\n".join(f"Page {page.number}: {page.text}" for page in pages)
    reply = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[
            {"role": "system", "content": "Answer from the handbook pages only. Name the page."},
            {"role": "user", "content": f"{context}\n\n{question}"},
        ],
    )
    return reply.choices[0].message.content


def main() -> None:
    retriever = Retriever.from_pdf("handbook.pdf")
    while True:
        question = input("> ").strip()
        if not question:
            break
        print(ask(question, retriever))


if __name__ == "__main__":
    main()
