"""An invented tutorial, an index of it, and the changes that a copyist makes."""

import re

from portfolio_audit.facts.fingerprints import Fingerprint, steps
from portfolio_audit.facts.tutorial_index import TutorialIndex, decode, encode
from portfolio_audit.tree import blob_oid

TUTORIAL = '''"""Counting bees, lesson three."""
import numpy as np
from hive.frames import FrameReader, crop


class BeeCounter:
    """Counts by the dark spots of a frame."""

    def __init__(self, width, height, threshold=0.4):
        self.width = width
        self.height = height
        self.threshold = threshold
        self.history = []

    def prepare(self, frame):
        # grey values only
        grey = np.asarray(frame).mean(axis=2) / 255.0
        return crop(grey, self.width, self.height)

    def count(self, frame):
        grey = self.prepare(frame)
        mask = np.where(grey < self.threshold, 1, 0)
        rows, columns = mask.nonzero()
        if len(rows) == 0:
            return 0
        spots = np.stack([rows, columns]).T
        groups = {}
        for row, column in spots:
            key = (row // 12, column // 12)
            groups.setdefault(key, []).append((row, column))
        total = sum(1 for members in groups.values() if len(members) > 30)
        self.history.append(total)
        return total

    def trend(self, window=5):
        if len(self.history) < window:
            raise ValueError("too few frames")
        smooth = np.convolve(self.history, np.ones(window) / window, mode="valid")
        return float(np.polyfit(range(len(smooth)), smooth, deg=1)[0])


def run(path):
    reader = FrameReader(path, skip=3)
    counter = BeeCounter(width=640, height=480)
    for number, frame in enumerate(reader.frames()):
        found = counter.count(frame)
        print(f"frame {number}: {found} bees")
    return counter.trend()
'''
OTHER = "import csv\nfrom pathlib import Path\n\n\n" + "\n\n".join(
    f'''def read_{n}(folder: Path, {name}: list[str]) -> dict[str, int]:
    totals: dict[str, int] = {{}}
    with (folder / "{name}.csv").open() as lines:
        for line in csv.DictReader(lines):
            if line["hive"] not in {name}:
                continue
            totals[line["hive"]] = totals.get(line["hive"], {n}) + int(line["{name}"])
    return totals'''
    for n, name in enumerate(["honey", "wax", "brood", "pollen", "mites", "weight"])
)
SCRIPT = """import React, { useState, useEffect } from 'react';
import { HiveClient } from 'hive-client';

const client = new HiveClient({ key: process.env.HIVE_KEY });

export default function BeeBoard({ hive }) {
  const [counts, setCounts] = useState([]);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    const load = async () => {
      setBusy(true);
      const answer = await client.frames.list({ hive, limit: 40 });
      const rows = answer.data.filter((row) => row.bees > 0).map((row) => ({ day: row.day, bees: row.bees }));
      setCounts(rows.sort((a, b) => a.day.localeCompare(b.day)));
      setBusy(false);
    };
    load().catch((error) => console.error(error.message));
  }, [hive]);

  const onUpload = async (event) => {
    event.preventDefault();
    const form = new FormData();
    form.append('frame', event.target.files[0]);
    const response = await fetch('/api/count', { method: 'POST', body: form });
    const { bees } = await response.json();
    setCounts([...counts, { day: new Date().toISOString().slice(0, 10), bees }]);
  };

  return (
    <section className="board">
      <input type="file" onChange={onUpload} disabled={busy} />
      {counts.map((count) => (
        <p key={count.day}>{count.day}: {count.bees} bees</p>
      ))}
    </section>
  );
}
"""
"""An invented tutorial in JavaScript."""
LOCAL = (
    "frame grey mask rows columns spots groups row column key members total window smooth reader counter number found"
)


def index(
    origin: str = "invented-school/bee-lessons",
    text: str = TUTORIAL,
    since: str = "2020-05-01",
    language: str = "Python",
) -> TutorialIndex:
    """An index of one tutorial."""
    grams = dict.fromkeys(Fingerprint(text, language).winnowed(), (0,))
    return decode(encode({origin: since}, grams, {blob_oid(text.encode()): {0: 300}}, steps(text.encode())))


def renamed(text: str) -> str:
    """Other names for everything local."""
    names = "|".join(LOCAL.split())
    return re.sub(rf"(?<![.\w\"])(?:{names})\b", lambda found: f"my_{found[0]}", text)


def relettered(text: str) -> str:
    """Other numbers and strings."""
    return re.sub(r'"[\w ]+"', '"changed"', re.sub(r"\b\d+\b", "77", text))


def reformatted(text: str) -> str:
    """Other white space, and comments."""
    return re.sub(r"\(", "(  ", text).replace(":\n", ":  # as in the lesson\n").replace(", ", ",   ")
