"""Putting a handbook together: packs by id or file, beside built-in content and the team's folders."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from agent_tui.desk import Desk
from agent_tui.i18n import language
from agent_tui.knowledge.errors import RulesError
from agent_tui.knowledge.outgoing import Rules
from agent_tui.knowledge.packs import PackError, ResolvedPack, load_pack, parse_pack, resolve
from agent_tui.knowledge.sources import TEAM, Source, built_in, folder, load
from agent_tui.settings import Settings
from agent_tui.tui.helper.handbook import Handbook
from agent_tui.tui.helper.screen import HelperScreen
from agent_tui.tui.palette.assembly import rules_of, speaker_of

# What a helper answers from until the lead has chosen a pack.
_FIRST = {"zh": "logistics", "en": "basics-en"}


def handbook_for(desk: Desk, settings: Settings) -> Handbook:
    """The handbook of the helper at `desk`."""
    return Handbook(
        reading(settings), lambda: speaker_of(desk, settings), rules=lambda: rules_in(rules_of(settings))
    )


def rules_in(files: Sequence[Path]) -> Rules:
    """The rules for what must not go out: the last file that can be read, ours where there is none."""
    for file in reversed(files):
        with suppress(OSError, RulesError):
            return Rules.load(file)
    return Rules.built_in()


def helper_screen(desk: Desk, settings: Settings, clock: Callable[[], float]) -> HelperScreen:
    """The screen of the helper at `desk`."""
    return HelperScreen(desk, handbook_for(desk, settings), clock)


def reading(settings: Settings, fixed: str = "") -> Callable[[str, str], ResolvedPack]:
    """Reads packs from our own content and the team's folders; `fixed` is read whichever is asked for."""
    team = tuple(folder(Path(path).expanduser(), TEAM) for path in settings.content)

    def read(id: str, text: str = "") -> ResolvedPack:
        return read_pack(fixed or id, text, (built_in(), *team))

    return read


def read_pack(wanted: str, text: str, sources: tuple[Source, ...]) -> ResolvedPack:
    """The pack in `text`, or with this id or in this file, beside its entries. Raises PackError."""
    wanted = wanted or _FIRST[language()]
    placed, problems = parse_pack(text, wanted) if text else (None, [])
    if text and placed is None:
        raise PackError("bad-pack", wanted, tuple(problems))
    return resolve(placed.pack if placed else load_pack(wanted), load(sources).entries)
