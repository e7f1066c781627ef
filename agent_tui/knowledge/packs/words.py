"""The texts that packs are spoken of with, in both languages: notes, differences, proposals, the sheet."""

from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from agent_tui import i18n

_FILE = Path(__file__).parents[1] / "data" / "pack_words.toml"


class PackTexts(Struct, frozen=True, forbid_unknown_fields=True):
    """Every text in one language; `{name}` is filled with `str.format`."""

    note: str
    list_mark: str
    part_mark: str
    colon: str
    fields: dict[str, str]
    field_changed: str
    answer_added: str
    answer_removed: str
    answer_when: str
    answer_like: str
    answer_orders: str
    answer_overview: str
    answer_asked: str
    answers_moved: str
    procedure_added: str
    procedure_removed: str
    procedure_title: str
    procedure_categories: str
    step_added: str
    step_removed: str
    step_changed: str
    procedures_moved: str
    card_added: str
    card_removed: str
    card_title: str
    card_stop: str
    card_say: str
    card_call: str
    card_level: str
    card_words_added: str
    card_words_removed: str
    cards_moved: str
    nothing: str
    none: str
    built_head: str
    built_basis: str
    built_rest: str
    built_answer: str
    built_write_when: str
    built_keep: str
    built_short: str
    built_from: str
    built_all_teams: str
    sheet_answers: str
    sheet_procedures: str
    sheet_emergency: str
    sheet_when: str
    sheet_check: str
    sheet_fails: str
    sheet_seen: str
    sheet_stop: str
    sheet_say: str
    sheet_call: str
    sheet_lead: str
    sheet_level: str
    sheet_keys: str
    sheet_version: str
    sheet_valid: str
    sheet_owner: str
    sheet_front: str
    sheet_back: str


@cache
def _all() -> dict[str, PackTexts]:
    return msgspec.toml.decode(_FILE.read_bytes(), type=dict[str, PackTexts])


def pack_words(language: str = "") -> PackTexts:
    """The words in `language`, in the language in use when none is given."""
    chosen = language or i18n.language()
    return _all()["en" if chosen == "en" else "zh"]
