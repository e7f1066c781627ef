"""How the advisor's weights are made: `python -m tests.bench.answers_fit [--write]`.

Judged pairs of the openings that may be learned from (and, as wrong, a few entries of each opening that
nobody judged) are fitted by a logistic regression held back by its size; what is printed is cross-validated
by opening, in folds no part of which the weights have seen. With `--write` the weights and lines of
`knowledge/data/advice.toml` are replaced.
"""

import argparse
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

import agent_tui.knowledge
from agent_tui.knowledge.recommend.calibration import Calibration, ChanceLines, calibration, fitted
from agent_tui.knowledge.recommend.recommender import Recommender
from agent_tui.knowledge.recommend.signals import NAMES
from tests.bench.answers import (
    DIGITS,
    LABELLED,
    Labels,
    Shown,
    by_stars,
    entries_here,
    figures,
    helpers,
    of_guess,
    read_labels,
    verdict,
)
from tests.bench.openings import Opening, read_openings

FILE = Path(agent_tui.knowledge.__file__).parent / "data" / "advice.toml"
LEARNED = ("tuning", "training")
FOLDS, UNJUDGED, STRENGTH = 10, 12, 5.0
LEAST_SCALE = 0.1
# What is held to be so until judgements say otherwise: few entries say yet of which orders they are true.
GUESSED = {
    "true_here": 1.5, "true_closely": 0.7, "open_without_order": -0.7, "open_with_order": -0.3,
    "asks_for_order": 1.0, "talk_when_vague": 1.0, "other_language": -3.0,
}  # fmt: skip
Array = Any


class Pairs(Struct, frozen=True):
    """Rows to learn from: signals, whether it is right, how much it counts, and the opening it belongs to."""

    signals: Array
    labels: Array
    weights: Array
    opening: Array

    def of(self, chosen: Array) -> "Pairs":
        """Some of the rows."""
        return Pairs(self.signals[chosen], self.labels[chosen], self.weights[chosen], self.opening[chosen])


def gathered(openings: Sequence[Opening], recommender: Recommender, labels: Labels) -> Pairs:
    """Every judged pair, and some that nobody judged, as rows."""
    chance, rows = random.Random(1), []
    place = {entry.id: at for at, entry in enumerate(recommender.entries)}
    for number, one in enumerate(openings):
        asked = recommender.signals(one.situation)
        if not asked:
            continue
        own = {entry: verdict(labels, one, entry) for opening, entry in labels if opening == one.id}
        known = {place[entry]: found for entry, found in own.items() if entry in place}
        others = [at for at in chance.sample(range(len(place)), UNJUDGED) if at not in known]
        for at, found in [*known.items(), *((at, "wrong") for at in others)]:
            best = max((signals[at] for _, signals in asked), key=lambda row: calibration().logits(row))
            rows.append((best, found == "right", 0.5 if found == "holds" else 1.0, number))
    signals, right, weights, opening = zip(*rows, strict=True)
    return Pairs(np.array(signals), np.array(right, dtype=float), np.array(weights), np.array(opening))


def fit(pairs: Pairs, lines: ChanceLines) -> Calibration:
    """The weights that fit best, each signal brought to a like scale while they are found."""
    scale = np.maximum(pairs.signals.std(axis=0), LEAST_SCALE)
    guess = np.array([GUESSED.get(name, 0.0) for name in NAMES]) * scale
    found = fitted(pairs.signals / scale, pairs.labels, pairs.weights, STRENGTH, guess)
    weights = {name: round(float(w), 3) for name, w in zip(NAMES, found[1:] / scale, strict=True)}
    return Calibration(bias=round(float(found[0]), 3), slope=1.0, shift=0.0, weights=weights, lines=lines)


def scaled(
    openings: Sequence[Opening], recommender: Recommender, labels: Labels, pairs: Pairs, lines: ChanceLines
) -> tuple[float, float]:
    """Slope and shift that make the chances of what ranks first to third honest, on unseen openings."""
    rows, right = [], []
    folds = np.arange(len(openings)) % FOLDS
    for fold in range(FOLDS):
        known = recommender.calibrated(fit(pairs.of(folds[pairs.opening] != fold), lines))
        for at in np.flatnonzero(folds == fold):
            for one in known.guess(openings[at].situation, limit=DIGITS).advice:
                found = verdict(labels, openings[at], one.entry.id)
                if found != "unjudged":
                    rows.append([math.log(max(one.score, 1e-4) / max(1 - one.score, 1e-4))])
                    right.append(float(found == "right"))
    shift, slope = fitted(np.array(rows), right, np.ones(len(rows)), 0.01)
    return round(float(slope), 3), round(float(shift), 3)


def played(
    openings: Sequence[Opening], recommender: Recommender, labels: Labels, weights: Calibration
) -> list[Shown]:
    """What the screens would show with these weights."""
    ours = recommender.calibrated(weights)
    return [of_guess(one, ours.guess(one.situation), labels) for one in openings]


def crossed(
    openings: Sequence[Opening],
    recommender: Recommender,
    labels: Labels,
    pairs: Pairs,
    lines: ChanceLines,
    scale: tuple[float, float] = (1.0, 0.0),
) -> list[Shown]:
    """Every opening with weights that have not seen it."""
    shown: list[Shown] = []
    folds = np.arange(len(openings)) % FOLDS
    for fold in range(FOLDS):
        known = fit(pairs.of(folds[pairs.opening] != fold), lines)
        known = replace(known, slope=scale[0], shift=scale[1])
        shown += played([openings[at] for at in np.flatnonzero(folds == fold)], recommender, labels, known)
    return shown


def main() -> None:
    """Print what cross-validation says, and write the weights when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judged", type=Path, default=LABELLED / "judged.jsonl")
    parser.add_argument("--write", action="store_true")
    wanted = parser.parse_args()
    openings = [one for name in LEARNED for one in read_openings(LABELLED / f"openings_{name}.jsonl")]
    labels = read_labels(wanted.judged)
    recommender = Recommender(entries_here())
    pairs = gathered(openings, recommender, labels)
    lines = calibration().lines
    slope, shift = scaled(openings, recommender, labels, pairs, lines)
    covered = frozenset(one.id for one in openings if any(
        key[0] == one.id and verdict(labels, one, key[1]) == "right" for key in labels
    ))  # fmt: skip
    print(f"slope {slope}, shift {shift}")
    shown = crossed(openings, recommender, labels, pairs, lines, (slope, shift))
    for name, row in (*figures(shown, covered).items(), *helpers(shown).items(), *by_stars(shown).items()):
        print(f"{name:<28} {row}")
    if wanted.write:
        FILE.write_bytes(toml_of(replace(fit(pairs, lines), slope=slope, shift=shift)))


def toml_of(weights: Calibration) -> bytes:
    """The data file."""
    rows = [f"{name} = {weight}" for name, weight in weights.weights.items()]
    stars = ", ".join(str(line) for line in weights.lines.stars)
    lines = [f"{name} = {getattr(weights.lines, name)}" for name in ("shown", "beside", "certain")]
    head = [f"{name} = {getattr(weights, name)}" for name in ("bias", "slope", "shift")]
    parts = [*head, "", "[weights]", *rows, "", "[lines]", *lines, f"stars = [{stars}]"]
    return (_HEAD + "\n".join(parts) + "\n").encode()


_HEAD = """\
# How much each signal speaks for an entry as the answer (`recommend.signals.NAMES`): a logistic regression
# over judged pairs, made by `python -m tests.bench.answers_fit --write`. The lines are probabilities: of
# being shown first, of standing beside it, of being offered to a helper, of stars.

"""


if __name__ == "__main__":
    main()
