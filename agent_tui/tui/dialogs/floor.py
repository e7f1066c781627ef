"""The phase of the day and the emergency level, which a lead sets."""

from agent_tui.domain.models import Floor, Phase
from agent_tui.i18n import texts
from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog


class FloorDialog(ChoiceDialog):
    """Answers a phase, or a level as a digit."""

    def __init__(self, floor: Floor) -> None:
        words = texts()
        phases = [Choice(value=p.value, label=words.common.phases[p]) for p in Phase]
        levels = [
            Choice(value=str(n), label=words.dialog.floor_level.format(n=n, what=what))
            for n, what in enumerate(words.dialog.floor_levels)
        ]
        super().__init__(words.dialog.floor_title, [*phases, *levels], chosen=floor.phase.value)
