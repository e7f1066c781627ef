"""Putting a helper's screen together: the handbook, the packs it reads, the rules for what may not go out."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from agent_tui.desk import Desk
from agent_tui.errors import BadSettings
from agent_tui.knowledge.content.published import PublishedSource
from agent_tui.knowledge.content.shared import LiveEntries
from agent_tui.knowledge.errors import RulesError
from agent_tui.knowledge.outgoing.rules import Rules
from agent_tui.knowledge.packs.cache import PackCache
from agent_tui.knowledge.packs.resolved import ResolvedPack
from agent_tui.settings import Settings
from agent_tui.tui.helper.bookcase import Bookcase
from agent_tui.tui.helper.handbook import Handbook
from agent_tui.tui.helper.screen import HelperScreen
from agent_tui.tui.palette.assembly import content_of, rules_of, speaker_of

_KEPT, _INDEX = "pack.kept", "pack.index"


def handbook_for(
    desk: Desk, settings: Settings, clock: Callable[[], float], kept: Path | None = None
) -> Handbook:
    """The handbook of the helper at `desk`; the last pack is kept in the folder `kept`."""
    keeper = PackCache(kept / _KEPT) if kept is not None else None
    packs = Bookcase(
        settings,
        live=LiveEntries(lambda: desk.shared_knowledge.entries),
        keeper=keeper,
        published=PublishedSource(lambda: content_of(desk)),
    )
    return Handbook(
        packs.read,
        lambda: speaker_of(desk, settings),
        rules=lambda: rules_in(rules_of(settings)),
        state=packs.state,
        forget=packs.forget,
        index=kept / _INDEX if kept is not None else None,
        clock=clock,
    )


def rules_in(files: Sequence[Path]) -> Rules:
    """The rules for what must not go out: the last file that can be read, ours where there is none."""
    for file in reversed(files):
        with suppress(OSError, RulesError, BadSettings):
            return Rules.load(file)
    return Rules.built_in()


def helper_screen(
    desk: Desk, settings: Settings, clock: Callable[[], float], kept: Path | None = None
) -> HelperScreen:
    """The screen of the helper at `desk`."""
    return HelperScreen(desk, handbook_for(desk, settings, clock, kept), clock)


def reading(settings: Settings, fixed: str = "") -> Callable[[str, str], ResolvedPack]:
    """Reads packs from our own content and the team's folders; `fixed` is read whichever is asked for."""
    return Bookcase(settings, fixed).read
