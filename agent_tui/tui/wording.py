"""Refusals and failures in words: codes come in, sentences go out."""

from msgspec import Struct

from agent_tui.desk import AuthExpired, BackendError, RefusedHere, StoreError, Unavailable
from agent_tui.i18n import texts, words_of


def refusal(error: RefusedHere) -> str:
    """Why a command was refused at once."""
    return refused(error.code, error.detail)


def untaken(error: RefusedHere | StoreError) -> str:
    """Why the desk did not take a command: it was refused at once, or could not be kept on disk."""
    if isinstance(error, RefusedHere):
        return refusal(error)
    return words_of(error)


def refused(code: str, detail: str = "") -> str:
    """The sentence for a rule's word."""
    words = texts().common.refusals
    return words.get(code, words["other"]).format(code=code, detail=_told(f"{code}: {detail}", detail))


DOUBTED = "contradicts-order"


class Doubt(Struct, frozen=True):
    """What a server holds against words until their sender has confirmed them: its rule, and which words."""

    rule: str
    words: str


def doubt_of(reason: str) -> Doubt | None:
    """What has to be confirmed of a reply that was refused for `reason`; None where nothing would help."""
    code, _, place = reason.partition(":")
    rule, _, words = place.strip().partition(":")
    return Doubt(rule, words.strip()) if code == DOUBTED and rule else None


def standing(reason: str) -> str:
    """Why a reply stands where it stands: `reason` is a word, or a word and its detail after a colon."""
    code, _, detail = reason.partition(":")
    reasons, refusals = texts().conversation.reasons, texts().common.refusals
    words = reasons.get(code) or refusals.get(code) or reasons["other"]
    values = {"code": reason, "changed": reason, "detail": _told(reason, detail.strip())}
    return words.format_map(values)


def _told(reason: str, detail: str) -> str:
    """The detail as it stands in a sentence: of a doubt, the words it is about."""
    doubt = doubt_of(reason)
    if doubt is None:
        return "" if reason.startswith(DOUBTED) else detail
    return texts().conversation.doubted.replace("{text}", doubt.words or doubt.rule)


def failure(error: BackendError) -> str:
    """Why the backend could not be asked."""
    words = texts().common.errors
    if isinstance(error, AuthExpired):
        return words["expired"]
    if isinstance(error, Unavailable):
        return words["unavailable"]
    if error.code in texts().common.refusals:
        return refused(error.code, error.values.get("detail", ""))
    return words["rejected"].format(detail=error.values.get("detail", "") or error.code)
