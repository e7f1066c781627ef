"""How well words that contradict the order are told: `python -m tests.bench claims`.

Asked are the sentences of `labelled/claims_*.jsonl` (see its README): `precision` is the share of the marked
that contradict, `recall` the share of the contradicting that are marked, each with its 95 % Wilson interval;
`milliseconds` is one check of a sentence, beside the check without an order.
"""

import json
import math
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from agent_tui.domain.models import Order
from agent_tui.knowledge.outgoing.rules import OutgoingContext, Rules

LABELLED = Path(__file__).parent / "labelled"

Asked = list[tuple[str, OutgoingContext, bool]]


def read(half: str) -> Asked:
    """Sentences of `half` with their orders, and whether they contradict them."""
    rows = map(json.loads, (LABELLED / f"claims_{half}.jsonl").read_text("utf-8").splitlines())
    return [(row["text"], context_of(row), row["contradicts"]) for row in rows]


def context_of(row: dict[str, Any]) -> OutgoingContext:
    """What the rules may know."""
    order = known(row["order"])
    order["total"] = f"{order['total']:.2f}"
    order["parcels"] = [{"number": "1", **known(parcel)} for parcel in order.get("parcels", ())]
    if "refund" in order:
        order["refund"] = {**known(order["refund"]), "amount": str(order["refund"]["amount"])}
    read = msgspec.convert({"number": "1", "customer": "c", **order}, Order)
    return OutgoingContext(order=read, now=datetime.fromisoformat(row["now"]))


def known(row: dict[str, Any]) -> dict[str, Any]:
    """`row` without what it leaves open."""
    return {name: value for name, value in row.items() if value is not None}


def judged(rules: Rules, asked: Asked) -> dict[str, object]:
    """Precision and recall over `asked`."""
    pairs = [(bool(rules.check(text, context)), contradicts) for text, context, contradicts in asked]
    right = sum(marked and contradicts for marked, contradicts in pairs)
    marked, all_ = sum(marked for marked, _ in pairs), sum(contradicts for _, contradicts in pairs)
    return {
        "sentences": len(pairs),
        "precision": [right, marked, wilson(right, marked)],
        "recall": [right, all_, wilson(right, all_)],
    }


def wilson(right: int, of: int) -> list[float]:
    """The 95 % interval of a share (Wilson 1927), least and most."""
    if not of:
        return [0.0, 1.0]
    share, z = right / of, 1.96
    middle, spread = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    whole = 1 + z * z / of
    return [round((middle - spread) / whole, 3), round((middle + spread) / whole, 3)]


def milliseconds(rules: Rules, asked: Asked) -> float:
    """One check, on average."""
    began = time.process_time()
    for text, context, _ in asked:
        rules.check(text, context)
    return round((time.process_time() - began) / len(asked) * 1e3, 3)


def run(*, quick: bool) -> dict[str, object]:
    """The figures; as fast when they are to be quick."""
    rules = Rules.built_in()
    claiming = rules.claiming()
    halves = {half: judged(claiming, read(half)) for half in ("tuning", "held")}
    asked = read("tuning")
    plain: Asked = [(text, OutgoingContext(), False) for text, _, _ in asked]
    milliseconds(rules, asked)
    return {**halves, "milliseconds": milliseconds(rules, asked), "without_order": milliseconds(rules, plain)}
