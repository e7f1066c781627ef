"""The helper's keys, on their screen and on the pages over it; each screen answers them itself."""

from agent_tui.tui.keymap.action import Action, Place, handled


def _helper(id: str, keys: str, handler: str, *, numbered: bool = False) -> Action:
    return handled(id, keys, handler, Place.HELPER, "helper", numbered=numbered)


def _page(id: str, keys: str, handler: str, place: Place, *, numbered: bool = False) -> Action:
    return handled(id, keys, handler, place, "page", numbered=numbered)


ROWS = (
    _helper("helper-answer", "1,2,3", "answer", numbered=True),
    _helper("helper-procedure", "4,5,6", "procedure", numbered=True),
    _helper("helper-ask", "0", "ask"),
    _helper("helper-cards", "7", "cards"),
    _helper("helper-leave", "8", "take_leave"),
    _helper("helper-hand-over", "9", "hand_over"),
    _helper("helper-help", "question_mark", "help"),
    _helper("helper-up", "up", "move(-1)"),
    _helper("helper-down", "down", "move(1)"),
    _helper("helper-open", "enter", "open"),
    _helper("helper-draft", "tab", "draft"),
    Action(
        id="helper-ask-anywhere",
        keys="f1,ctrl+r",
        places=frozenset({Place.HELPER, Place.CALL}),
        group="helper",
        handler="ask",
    ),
    _helper("helper-older", "pageup", "read(-1)"),
    _helper("helper-newer", "pagedown", "read(1)"),
    _helper("helper-clear", "escape", "clear"),
    _page("preview-send", "enter", "send", Place.PREVIEW),
    _page("preview-next-blank", "tab,down", "next_blank(1)", Place.PREVIEW),
    _page("preview-previous-blank", "shift+tab,up", "next_blank(-1)", Place.PREVIEW),
    _page("preview-up", "pageup", "scroll(-1)", Place.PREVIEW),
    _page("preview-down", "pagedown", "scroll(1)", Place.PREVIEW),
    _page("sent-undo", "ctrl+z", "undo", Place.SENT),
    _page("step-up", "up", "move(-1)", Place.PROCEDURE),
    _page("step-down", "down,tab", "move(1)", Place.PROCEDURE),
    _page("step-tick", "enter,space", "tick_here", Place.PROCEDURE),
    _page("step-number", "1,2,3,4,5,6,7", "tick", Place.PROCEDURE, numbered=True),
    _page("card-say", "enter", "say", Place.CARD),
    _page("guide-close", "enter,question_mark", "leave", Place.GUIDE),
    _page("briefing-begin", "enter", "leave", Place.BRIEFING),
    _page("result-up", "up,k", "look(-1)", Place.RESULT),
    _page("result-down", "down,j,enter", "look(1)", Place.RESULT),
    _page("result-page-up", "pageup", "page(-10)", Place.RESULT),
    _page("result-page-down", "pagedown,space", "page(10)", Place.RESULT),
    _page("result-send", "1", "send", Place.RESULT),
    _page("result-go-on", "2", "go_on", Place.RESULT),
)
