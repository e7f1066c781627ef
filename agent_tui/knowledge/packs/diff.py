"""The diff of two versions of a pack, in sentences a helper reads in passing (新版本改了什么)."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from agent_tui.knowledge.packs.format import EmergencyCard, Pack, PackAnswer, Procedure, ProcedureStep
from agent_tui.knowledge.packs.words import PackTexts, pack_words

_FIELDS = ("title", "field", "language", "categories", "owner", "valid_from", "valid_until")

Item = TypeVar("Item", Procedure, EmergencyCard)


def pack_diff(
    old: Pack, new: Pack, titles: Mapping[str, str] | None = None, language: str = ""
) -> tuple[str, ...]:
    """The differences as sentences in `language`, answers first; empty when nothing but the version differs.

    `titles` says what an entry is called; without it its id stands.
    """
    return tuple(_Diff(old, new, titles or {}, pack_words(language)).sentences())


class _Diff:
    def __init__(self, old: Pack, new: Pack, titles: Mapping[str, str], words: PackTexts) -> None:
        self._old = old
        self._new = new
        self._titles = titles
        self._words = words

    def sentences(self) -> Iterator[str]:
        yield from self._answers()
        yield from self._procedures()
        yield from self._cards()
        yield from self._fields()

    def _answers(self) -> Iterator[str]:
        words = self._words
        old = {answer.entry: answer for answer in self._old.answers}
        new = {answer.entry: answer for answer in self._new.answers}
        for entry, answer in new.items():
            title = self._titles.get(entry, entry)
            was = old.get(entry)
            if was is None:
                yield words.answer_added.format(title=title, when=answer.when)
                continue
            if was.when != answer.when:
                yield words.answer_when.format(title=title, old=was.when, new=answer.when)
            if was.like != answer.like:
                yield words.answer_like.format(
                    title=title, old=was.like or words.none, new=answer.like or words.none
                )
            yield from self._advice(was, answer, title)
        for entry in old:
            if entry not in new:
                yield words.answer_removed.format(title=self._titles.get(entry, entry))
        if _is_moved(list(old), list(new)):
            yield words.answers_moved

    def _advice(self, old: PackAnswer, new: PackAnswer, title: str) -> Iterator[str]:
        """What decides when it is recommended."""
        words = self._words
        states = ((words.answer_orders, old.orders, new.orders),
                  (words.answer_overview, old.overview, new.overview))  # fmt: skip
        for told, was, now in states:
            if was != now:
                yield told.format(
                    title=title, old=", ".join(was) or words.none, new=", ".join(now) or words.none
                )
        if old.asked != new.asked:
            more, fewer = set(new.asked) - set(old.asked), set(old.asked) - set(new.asked)
            yield words.answer_asked.format(title=title, more=len(more), fewer=len(fewer))

    def _procedures(self) -> Iterator[str]:
        words = self._words
        old, new = _by_id(self._old.procedures), _by_id(self._new.procedures)
        for id, procedure in new.items():
            if id not in old:
                yield words.procedure_added.format(title=procedure.title, steps=len(procedure.steps))
            else:
                yield from self._procedure(old[id], procedure)
        for id, procedure in old.items():
            if id not in new:
                yield words.procedure_removed.format(title=procedure.title)
        if _is_moved(list(old), list(new)):
            yield words.procedures_moved

    def _procedure(self, old: Procedure, new: Procedure) -> Iterator[str]:
        words, title = self._words, new.title
        if old.title != title:
            yield words.procedure_title.format(old=old.title, new=title)
        if old.categories != new.categories:
            yield words.procedure_categories.format(
                title=title, old=self._listed(old.categories), new=self._listed(new.categories)
            )
        matcher = SequenceMatcher(None, old.steps, new.steps, autojunk=False)
        for _, old_from, old_to, new_from, new_to in matcher.get_opcodes():
            if old.steps[old_from:old_to] == new.steps[new_from:new_to]:
                continue
            both = min(old_to - old_from, new_to - new_from)
            for number in range(new_from, new_to):
                if number - new_from < both:
                    was = old.steps[old_from + number - new_from]
                    do = self._step(was, new.steps[number])
                    yield words.step_changed.format(title=title, number=number + 1, do=do)
                else:
                    yield words.step_added.format(title=title, number=number + 1, do=new.steps[number].do)
            for number in range(old_from + both, old_to):
                yield words.step_removed.format(title=title, number=number + 1, do=old.steps[number].do)

    def _step(self, old: ProcedureStep, new: ProcedureStep) -> str:
        """What is new of a step: what to do, and of its check and its way out what changed."""
        words = self._words
        parts = [new.do]
        if old.check != new.check:
            parts.append(f"{words.sheet_check}{words.colon}{new.check}")
        if old.if_fails != new.if_fails:
            parts.append(f"{words.sheet_fails}{words.colon}{new.if_fails}")
        return words.part_mark.join(parts)

    def _cards(self) -> Iterator[str]:
        words = self._words
        old, new = _by_id(self._old.emergency), _by_id(self._new.emergency)
        for id, card in new.items():
            if id not in old:
                yield words.card_added.format(title=card.title)
            else:
                yield from self._card(old[id], card)
        for id, card in old.items():
            if id not in new:
                yield words.card_removed.format(title=card.title)
        if _is_moved(list(old), list(new)):
            yield words.cards_moved

    def _card(self, old: EmergencyCard, new: EmergencyCard) -> Iterator[str]:
        words, title = self._words, new.title
        if old.title != title:
            yield words.card_title.format(old=old.title, new=title)
        changed = (
            (words.card_stop, old.stop, new.stop),
            (words.card_say, old.say, new.say),
            (words.card_call, old.call, new.call),
            (words.card_level, old.level or words.none, new.level or words.none),
        )
        for said, before, after in changed:
            if before != after:
                yield said.format(title=title, old=before, new=after)
        yield from self._triggers(old, new)

    def _triggers(self, old: EmergencyCard, new: EmergencyCard) -> Iterator[str]:
        """Trigger words that came and went; a phrase that no longer cancels is a trigger that came."""
        words = self._words
        came = [word for word in new.words if word not in old.words]
        came += [phrase for phrase in old.unless if phrase not in new.unless]
        went = [word for word in old.words if word not in new.words]
        went += [phrase for phrase in new.unless if phrase not in old.unless]
        if came:
            yield words.card_words_added.format(title=new.title, words=self._listed(came))
        if went:
            yield words.card_words_removed.format(title=new.title, words=self._listed(went))

    def _fields(self) -> Iterator[str]:
        for name in _FIELDS:
            before, after = getattr(self._old, name), getattr(self._new, name)
            if before != after:
                yield self._words.field_changed.format(
                    field=self._words.fields[name], old=self._value(before), new=self._value(after)
                )

    def _value(self, value: object) -> str:
        if isinstance(value, tuple):
            return self._listed(value)
        return self._words.none if value is None else str(value)

    def _listed(self, values: Sequence[object]) -> str:
        return self._words.list_mark.join(map(str, values)) or self._words.none


def _by_id(items: Sequence[Item]) -> dict[str, Item]:
    return {item.id: item for item in items}


def _is_moved(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether what both have stands in another order."""
    return [id for id in old if id in new] != [id for id in new if id in old]
