"""Where a helper's packs come from: the server's text, what was kept, a file, the team's folders, ours."""

from collections.abc import Callable, Sequence
from pathlib import Path

from agent_tui.i18n import language
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.sources import (
    PUBLISHED,
    TEAM,
    Source,
    built_in,
    file_state,
    fingerprint,
    folder,
    load,
    stacked,
)
from agent_tui.knowledge.packs.cache import PackCache
from agent_tui.knowledge.packs.lint import pack_folders
from agent_tui.knowledge.packs.reading import SUFFIXES, pack_files, read_packs
from agent_tui.knowledge.packs.resolved import PackError, ResolvedPack, load_pack, parse_pack, resolve
from agent_tui.settings import Settings

# What a helper answers from until the lead has chosen a pack.
_FIRST = {"zh": "logistics", "en": "basics-en"}


class Bookcase:
    """Reads packs beside their entries. `fixed` is read whichever is asked for, `live` answers what is shared
    at this moment, `published` what the team has published, `keeper` is where the server's pack stays for a
    start without a network.
    """

    def __init__(
        self,
        settings: Settings,
        fixed: str = "",
        live: Callable[[], Sequence[Entry]] = tuple,
        keeper: PackCache | None = None,
        published: Callable[[], Source] = lambda: Source(origin=PUBLISHED),
    ) -> None:
        team = (folder(Path(path).expanduser(), TEAM) for path in settings.content)
        self._files = (built_in(), *team)
        self._fixed = fixed
        self._live = live
        self._published = published
        self._keeper = keeper

    def read(self, id: str, text: str = "") -> ResolvedPack:
        """The pack in `text`, else the one with this id or in this file. Blocks; raises PackError."""
        wanted = self._fixed or id
        if text and not self._fixed:
            return self._from_server(wanted, text)
        kept = self._keeper.find(wanted) if self._keeper is not None else None
        if kept is not None:
            return kept
        pack = load_pack(self._place_of(wanted or _FIRST[language()]))
        return resolve(pack, self._entries())

    def _from_server(self, id: str, text: str) -> ResolvedPack:
        placed, problems = parse_pack(text, id)
        if placed is None:
            raise PackError("bad-pack", id, tuple(problems))
        made = resolve(placed.pack, self._entries())
        if self._keeper is not None:
            self._keeper.keep(text, made)
        return made

    def _entries(self) -> tuple[Entry, ...]:
        return load(stacked(self._files, self._published(), self._live())).entries

    def _place_of(self, wanted: str) -> str:
        """The file of the pack with this id in the team's folders; otherwise `wanted` is what it is."""
        if wanted.endswith(SUFFIXES):
            return wanted
        for place in reversed(pack_folders(self._files[1:])):
            for placed in read_packs(place)[0]:
                if placed.pack.id == wanted:
                    return placed.file
        return wanted

    def state(self) -> object:
        """Something that differs when a pack or an entry does; quick, blocks."""
        packs = [file for place in pack_folders(self._files) for file in pack_files(place)]
        if self._fixed.endswith(SUFFIXES):
            packs.append(Path(self._fixed))
        held = hash(tuple(self._live())), self._published().stamp
        return fingerprint(self._files), [file_state(file) for file in packs], held

    def forget(self) -> None:
        """The server's pack is no longer in force: keep no copy of it."""
        if self._keeper is not None:
            self._keeper.forget()
