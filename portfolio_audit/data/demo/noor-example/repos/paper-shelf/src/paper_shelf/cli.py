"""The command: index, ask, measure."""

from __future__ import annotations

import argparse
from pathlib import Path

from paper_shelf.embed import SentenceEmbedding
from paper_shelf.index import Index
from paper_shelf.measure import load, recall
from paper_shelf.rank import Hit, rank


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    top = argparse.ArgumentParser(prog="paper-shelf", description=__doc__)
    top.add_argument("--shelf", type=Path, default=Path("shelf.sqlite"))
    commands = top.add_subparsers(dest="command", required=True)
    commands.add_parser("index").add_argument("folder", type=Path)
    commands.add_parser("ask").add_argument("question")
    commands.add_parser("measure").add_argument("questions", type=Path)
    return top


def show(hit: Hit) -> str:
    """A hit as two lines."""
    place = f"{hit.passage.path}:{hit.passage.first_line}"
    return f"{place}\n    {hit.passage.text[:200]}"


def main() -> None:
    """Run one command."""
    arguments = parser().parse_args()
    embedding = SentenceEmbedding()
    with Index(arguments.shelf, embedding) as index:
        if arguments.command == "index":
            print(f"{index.add(sorted(arguments.folder.rglob('*.txt')))} files indexed")
            return
        passages, vectors = index.load()
        if arguments.command == "ask":
            for hit in rank(arguments.question, passages, vectors, embedding):
                print(show(hit))
        else:
            questions = load(arguments.questions)
            share = recall(questions, lambda text: rank(text, passages, vectors, embedding))
            print(f"{share:.0%} of {len(questions)} questions")


if __name__ == "__main__":
    main()
