"""Find the pages that fit."""

from dataclasses import dataclass

import faiss
import numpy as np
from openai import OpenAI
from pypdf import PdfReader

client = OpenAI()


@dataclass
class Page:
    number: int
    text: str


def embed(texts):
    reply = client.embeddings.create(model="text-embedding-3-small", input=texts)
    return np.array([item.embedding for item in reply.data], dtype="float32")


def normalise(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class Retriever:
    def __init__(self, pages, vectors):
        self.pages = pages
        self.index = faiss.IndexFlatIP(vectors.shape[1])
        self.index.add(vectors)

    @classmethod
    def from_pdf(cls, path):
        reader = PdfReader(path)
        pages = [Page(number, page.extract_text()) for number, page in enumerate(reader.pages, 1)]
        pages = [page for page in pages if len(page.text.split()) > 20]
        return cls(pages, normalise(embed([page.text for page in pages])))

    def search(self, question, count):
        scores, positions = self.index.search(normalise(embed([question])), count)
        return [self.pages[position] for position in positions[0] if position >= 0]
