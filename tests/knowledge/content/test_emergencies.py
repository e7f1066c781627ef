"""What is shipped for emergencies: it can be sent at once, whatever is known of the customer."""

import re

import pytest

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.sources import built_in, load

_EMERGENCY_NUMBER = re.compile(r"(?<![\d.])(?:119|120|12356|988)(?![\d.])")
_TO_BE_FILLED = re.compile(r"\$\{|\{\{(?!\s*customer\.name)")


def _emergencies() -> list[Entry]:
    return [entry for entry in load([built_in()]).entries if _EMERGENCY_NUMBER.search(entry.text)]


def test_fire_injury_and_despair_have_answers_in_both_languages() -> None:
    named = {(number, entry.language) for entry in _emergencies() for number in ("119", "120", "12356")
             if number in entry.text}  # fmt: skip
    assert named == {(number, language) for number in ("119", "120", "12356") for language in ("zh", "en")}


@pytest.mark.parametrize("entry", _emergencies(), ids=lambda entry: entry.id)
def test_an_answer_that_names_an_emergency_number_waits_for_no_blank(entry: Entry) -> None:
    assert not _TO_BE_FILLED.search(entry.text)
