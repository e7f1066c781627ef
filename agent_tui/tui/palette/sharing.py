"""Sharing from the palette: which step an entry allows, and doing it, with words for what became of it."""

import asyncio
from enum import StrEnum

from agent_tui.desk import BackendError, Desk, SharedEntry, Unavailable
from agent_tui.domain.rules import CORE, LEADING
from agent_tui.i18n import texts
from agent_tui.knowledge.content.entries import Entry, Snippet
from agent_tui.knowledge.content.shared import content_of, is_newer
from agent_tui.knowledge.content.sources import OWN
from agent_tui.knowledge.library import Library
from agent_tui.tui.widgets.message_lines import fill


class ShareStep(StrEnum):
    """What can be done with an entry: share or propose it, nod at it, take it away from everyone."""

    NONE = "none"
    SHARE = "share"
    PROPOSE = "propose"
    NOD = "nod"
    REVOKE = "revoke"


class Sharing:
    """One person's part in what colleagues share."""

    def __init__(self, library: Library, desk: Desk) -> None:
        self._library = library
        self._desk = desk
        self._told: frozenset[str] | None = None
        self._version = desk.team_content.content.version

    def step(self, entry: Entry) -> ShareStep:
        """What this person can do with `entry` now."""
        me = self._desk.team.me
        if not self._desk.shared_knowledge.is_there or me.role not in CORE:
            return ShareStep.NONE
        one = self._shared(entry.id)
        is_mine = one is not None and (one.author.id == me.id or me.role in LEADING)
        if one is not None and one.state == "proposed" and me.role in LEADING:
            return ShareStep.NOD
        if entry.origin == OWN and (one is None or (is_mine and is_newer(entry, one))):
            needs_nod = entry.kind == "article" and me.role not in LEADING
            return ShareStep.PROPOSE if needs_nod else ShareStep.SHARE
        return ShareStep.REVOKE if is_mine else ShareStep.NONE

    def standing(self, entry: Entry) -> str:
        """How an entry stands with the colleagues, in words; empty for what is not shared."""
        words, one = texts().palette.sharing, self._shared(entry.id)
        if one is None:
            return ""
        return words["is-proposed" if one.state == "proposed" else "is-shared"]

    def _shared(self, id: str) -> SharedEntry | None:
        return next((one for one in self._desk.shared_knowledge.entries if one.id == id), None)

    async def do(self, step: ShareStep, entry: Entry) -> str:
        """Do `step` and say what became of it."""
        words = texts().palette.sharing
        if step is ShareStep.NONE:
            return words["none"]
        try:
            done = await self._done(step, entry)
        except Unavailable:
            return words["offline"]
        except BackendError as error:
            reason = str(error.values.get("detail") or error.code)
            return fill(words["failed"], {"reason": words.get(error.code, reason)})
        self._library.wake()
        return fill(words[done], {"title": entry.title})

    async def _done(self, step: ShareStep, entry: Entry) -> str:
        if step is ShareStep.NOD:
            await self._desk.shared_knowledge.share(entry.id)
            return "nodded"
        if step is ShareStep.REVOKE:
            await self._desk.shared_knowledge.revoke(entry.id)
            return "revoked"
        source = await asyncio.to_thread(self._library.own_source, entry.id)
        if source is None:
            return "none"
        kind = "snippet" if isinstance(source, Snippet) else "article"
        made = await self._desk.shared_knowledge.put(entry.id, kind, content_of(source))
        return "proposed" if made.state == "proposed" else "shared"

    def publication(self) -> str:
        """That somebody has published the team's content since this was asked last, and what for."""
        made, known = self._desk.team_content.content, self._version
        self._version = made.version
        if not known or made.version == known or made.by is None or made.by.id == self._desk.team.me.id:
            return ""
        words = texts().palette
        note = made.note or words.origins["published"].format(version=made.version)
        return fill(words.sharing["published"], {"name": made.by.name, "note": note})

    def news(self) -> str:
        """What a lead is to be told of: cases that were proposed since this was asked last."""
        proposed = {one.id: one for one in self._desk.shared_knowledge.entries if one.state == "proposed"}
        known, self._told = self._told, frozenset(proposed)
        new = [one for id, one in proposed.items() if id not in (known or ())]
        if not new or self._desk.team.me.role not in LEADING:
            return ""
        title = str(new[-1].content.get("title", ""))
        return fill(texts().palette.sharing["news"], {"name": new[-1].author.name, "title": title})
