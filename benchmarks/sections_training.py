"""Learning the section classifier. Needs NumPy, SciPy and scikit-learn, which the package itself never imports."""

# The training libraries are installed for this benchmark only, so their types may be unknown.
# mypy: disable-error-code="import-not-found,import-untyped,no-any-unimported"

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sections_data import Readme
from sklearn.svm import LinearSVC

from portfolio_audit.facts.readme_features import GROUPS
from portfolio_audit.facts.readme_model import CLASSES, SIZE, SectionModel

# Floats and whole numbers in NumPy arrays.
Array = Any
Numbers = Any
Folds = Callable[[Numbers, int, int], Iterator[tuple[Numbers, Numbers]]]

# Chosen by cross-validation over whole READMEs of the combined set.
WEIGHTS = dict(zip(GROUPS, (1.0, 1.0, 0.6, 0.4, 0.5, 1.0, 0.4, 0.5, 1.2), strict=True))
COST = 0.05
# A class is rarer than its absence, and F1 asks for both.
POSITIVE = 2.0
INNER = 5
# Half of what a byte holds: no worse, and a fifth smaller when packed.
LEVELS = 63
# Thresholds of one division of the training sections are noisy.
ROUNDS = 3


class Table:
    """The sections of all READMEs as one matrix, with their README's number."""

    def __init__(self, readmes: list[Readme]) -> None:
        self.readmes = readmes
        self.labels = np.array([row for readme in readmes for row in readme.labels], dtype=int)
        self.readme = np.repeat(np.arange(len(readmes)), [len(readme.parts) for readme in readmes])
        self.starts = np.concatenate(([0], np.cumsum([len(readme.parts) for readme in readmes])))
        places, values, ends = [], [], [0]
        for features in (row for readme in readmes for row in readme.features):
            for weight, group in zip(WEIGHTS.values(), features, strict=True):
                places += group
                values += [weight / len(group) ** 0.5] * len(group) if group else []
            ends.append(len(places))
        self.matrix = csr_matrix((values, places, ends), shape=(len(self.labels), SIZE))
        self.matrix.sum_duplicates()


def learn(table: Table, train: Numbers, folds: Folds) -> SectionModel:
    """A model of the training sections. `folds` divides them as the measurement divides the whole."""
    labels = table.labels
    columns, scales, bases = _quantise(*_fit(table.matrix[train], labels[train]))
    rounds = []
    for seed in range(ROUNDS):
        scores = np.zeros(labels.shape)
        for seen, kept in folds(train, INNER, seed):
            parts, factors, offsets = _quantise(*_fit(table.matrix[seen], labels[seen]))
            scores[kept] = table.matrix[kept] @ restore(parts, factors) + offsets
        rounds.append(scores[train])
    thresholds = choose_thresholds(np.vstack(rounds), np.vstack([labels[train]] * ROUNDS))
    return SectionModel(
        tuple(bytes((column + 128).astype(np.uint8)) for column in columns.T),
        scales.tolist(),
        bases.tolist(),
        list(WEIGHTS.values()),
        thresholds.tolist(),
    )


def _fit(matrix: csr_matrix, labels: Array) -> tuple[Array, Array]:
    """Weights (features x classes) and bases. Rare features are raised by the root of their inverse frequency."""
    frequency = np.bincount(matrix.indices, minlength=SIZE)
    raised = np.sqrt(np.log((matrix.shape[0] + 1) / (frequency + 1)) + 1)
    scaled = (matrix @ diags(raised)).tocsr()
    weights, bases = np.zeros((SIZE, len(CLASSES))), np.zeros(len(CLASSES))
    for index in range(len(CLASSES)):
        fitted = LinearSVC(C=COST, class_weight={0: 1.0, 1: POSITIVE}, random_state=0).fit(scaled, labels[:, index])
        weights[:, index] = fitted.coef_[0] * raised
        bases[index] = fitted.intercept_[0]
    # A feature seen once soaks up what is peculiar to its section while learning, and says nothing of others.
    weights[frequency < 2] = 0
    return weights, bases


def _quantise(weights: Array, bases: Array) -> tuple[Array, Array, Array]:
    """Whole numbers from -63 to 63 whose squares times a factor for each class are the weights.

    Squares, since few weights are large and those few decide.
    """
    scales = np.maximum(np.abs(weights).max(0), 1e-9) / LEVELS**2
    return np.rint(np.sqrt(np.abs(weights) / scales)) * np.sign(weights), scales, bases


def restore(columns: Array, scales: Array) -> Array:
    """The weights that the whole numbers stand for."""
    return columns * np.abs(columns) * scales


def choose_thresholds(scores: Array, labels: Array) -> Array:
    """For each class the threshold with which the weighted F1 of these sections is best, found class by class."""
    best = np.zeros(len(CLASSES))
    share = labels.sum(0) / labels.sum()
    fallback = np.eye(len(CLASSES), dtype=bool)[scores.argmax(1)]
    for _ in range(2):
        for index in range(len(CLASSES)):
            reached = -1.0
            for value in np.arange(-1.0, 0.8, 0.04):
                tried = best.copy()
                tried[index] = value
                given = scores > tried
                given |= fallback & ~given.any(1)[:, None]
                right = (given & (labels > 0)).sum(0)
                measure = float((2 * right / np.maximum(1, given.sum(0) + labels.sum(0)) * share).sum())
                if measure > reached + 1e-9:
                    reached, chosen = measure, value
            best[index] = chosen
    return best
