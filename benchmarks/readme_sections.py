"""Weighted F1 of the README section classifier on the labelled sections of Prana et al.

    python benchmarks/readme_sections.py CLONE [--set evaluation|combined] [--seeds 100,101,102] [--export FILE]

CLONE is a checkout of gprana/READMEClassifier. Ten folds, at random over sections as published, and over whole READMEs.
Each fold is learned with scikit-learn, written as a model file, read again and judged by the code that the package
runs; its answers are compared with the library's. `--export` writes the weights of all sections of the set.
"""

# The training libraries are installed for this benchmark only, so their types may be unknown.
# mypy: disable-error-code="import-not-found,import-untyped,no-any-unimported"

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sections_data import Labelled, read
from sections_training import Array, Folds, Numbers, Table, learn, restore
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, KFold

from portfolio_audit.facts.readme_model import CLASSES, SectionModel, decode_model, encode_model


def make_folds(table: Table, protocol: str) -> Folds:
    """A way to divide sections, at random or by whole README; seed -1 packs READMEs into folds of equal size."""

    def divide(rows: Numbers, number: int, seed: int) -> Iterator[tuple[Numbers, Numbers]]:
        if protocol == "whole README":
            shuffle = {"shuffle": True, "random_state": seed} if seed >= 0 else {}
            kinds = GroupKFold(number, **shuffle).split(rows, groups=table.readme[rows])
        else:
            kinds = KFold(number, shuffle=True, random_state=seed).split(rows)
        for seen, kept in kinds:
            yield rows[seen], rows[kept]

    return divide


def judge(model: SectionModel, table: Table, kept: Numbers) -> Array:
    """The classes that the package's code gives to these sections, each seen in its whole README."""
    given = np.zeros(table.labels.shape)
    for number in np.unique(table.readme[kept]):
        readme, start = table.readmes[number], table.starts[number]
        for offset, classes in enumerate(model.classify(readme.parts, readme.kinds, readme.language)):
            given[start + offset] = [name in classes for name in CLASSES]
    return given[kept]


def judge_by_library(model: SectionModel, table: Table, kept: Numbers) -> Array:
    """The same by matrix products over the same weights."""
    columns = np.stack([np.frombuffer(column, dtype=np.uint8) for column in model.columns], axis=1).astype(float) - 128
    scores = table.matrix @ restore(columns, np.array(model.scales)) + model.bases
    given = scores > model.thresholds
    given |= np.eye(len(CLASSES), dtype=bool)[scores.argmax(1)] & ~given.any(1)[:, None]
    return given[kept]


def measure(table: Table, protocol: str, seed: int) -> tuple[list[float], Array, int]:
    """Weighted F1 of each of ten folds, the answers for all sections, and how many differ from the library's."""
    everything = np.arange(len(table.labels))
    folds = make_folds(table, protocol)
    figures, answers, different = [], np.zeros(table.labels.shape), 0
    for seen, kept in folds(everything, 10, seed):
        model = decode_model(encode_model(learn(table, seen, folds)))
        given = judge(model, table, kept)
        different += int((given != judge_by_library(model, table, kept)).any(1).sum())
        answers[kept] = given
        figures.append(f1_score(table.labels[kept], given, average="weighted", zero_division=0))
    return figures, answers, different


def show_speed(model: SectionModel, labelled: Labelled) -> None:
    started = time.process_time()
    for readme in labelled.readmes:
        model.classify(readme.parts, readme.kinds, readme.language)
    print(f"{(time.process_time() - started) * 1000 / labelled.sections:.2f} ms CPU a section")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clone", type=Path)
    parser.add_argument("--set", default="evaluation", choices=("development", "evaluation", "combined"))
    parser.add_argument("--seeds", default="100", help="comma-separated; -1 for folds of whole READMEs of equal size")
    parser.add_argument("--protocol", choices=("random", "whole README"), action="append")
    parser.add_argument("--export", type=Path)
    options = parser.parse_args()
    labelled = read(options.clone, options.set)
    table = Table(labelled.readmes)
    print(
        f"{options.set}: {len(labelled.readmes)} READMEs, {labelled.sections} sections, "
        f"{labelled.missing} headings not found in the text"
    )
    if options.export:
        everything = np.arange(len(table.labels))
        model = learn(table, everything, make_folds(table, "whole README"))
        options.export.write_bytes(encode_model(model))
        print(f"{options.export}: {options.export.stat().st_size} bytes")
        show_speed(model, labelled)
        return
    for protocol in options.protocol or ("random", "whole README"):
        for seed in map(int, options.seeds.split(",")):
            figures, answers, different = measure(table, protocol, seed)
            classes = f1_score(table.labels, answers, average=None, zero_division=0)
            print(
                f"{protocol}, seed {seed}: weighted F1 {np.mean(figures):.4f} (deviation of folds "
                f"{np.std(figures):.4f}), "
                f"{different} answers other than the library's\n  "
                + "  ".join(f"{name} {value:.2f}" for name, value in zip(CLASSES, classes, strict=True)),
                flush=True,
            )


if __name__ == "__main__":
    main()
