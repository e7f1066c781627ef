"""Refusals and failures in words: codes come in, sentences go out."""

from agent_tui.backends.base import AuthExpired, BackendError, Unavailable
from agent_tui.desk import RefusedHere
from agent_tui.i18n import texts


def refusal(error: RefusedHere) -> str:
    """Why a deed was refused at once."""
    return refused(error.code, error.detail)


def refused(code: str, detail: str = "") -> str:
    """The sentence for a rule's word."""
    words = texts().common.refusals
    return words.get(code, words["other"]).format(code=code, detail=detail)


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
