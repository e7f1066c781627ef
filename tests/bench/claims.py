"""How well words that contradict the order are told: `python -m tests.bench claims`.

Asked are the sentences of `labelled/claims_*.jsonl` (see its README): `precision` is the share of the marked
that contradict, `recall` the share of the contradicting that are marked, each with its 95 % Wilson interval;
`milliseconds` is one check of a sentence, beside the check without an order.
"""

import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from agent_tui.domain.models import Order
from agent_tui.knowledge.outgoing.rules import OutgoingContext, Rules
from tests.bench.shares import precision_and_recall

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
    pairs = [(contradicts, bool(rules.check(text, context))) for text, context, contradicts in asked]
    return {"sentences": len(pairs), **precision_and_recall(pairs)}


def milliseconds(rules: Rules, asked: Asked) -> float:
    """One check, on average."""
    began = time.process_time()
    for text, context, _ in asked:
        rules.check(text, context)
    return round((time.process_time() - began) / len(asked) * 1e3, 3)


def run(*, quick: bool) -> dict[str, object]:
    """The figures; the held half stays closed when they are to be quick."""
    rules = Rules.built_in()
    claiming = rules.claiming()
    halves = {half: judged(claiming, read(half)) for half in ("tuning", *(() if quick else ("held",)))}
    asked = read("tuning")
    plain: Asked = [(text, OutgoingContext(), False) for text, _, _ in asked]
    milliseconds(rules, asked)
    return {**halves, "milliseconds": milliseconds(rules, asked), "without_order": milliseconds(rules, plain)}
