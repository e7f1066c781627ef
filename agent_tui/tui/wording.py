"""Refusals and failures in words: codes come in, sentences go out."""

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
    return words.get(code, words["other"]).format(code=code, detail=detail)


def standing(reason: str) -> str:
    """Why a reply stands where it stands: `reason` is a word, or a word and its detail after a colon."""
    code, _, detail = reason.partition(":")
    reasons, refusals = texts().conversation.reasons, texts().common.refusals
    words = reasons.get(code) or refusals.get(code) or reasons["other"]
    values = {"code": reason, "changed": reason, "detail": detail.strip()}
    return words.format_map(values)


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
