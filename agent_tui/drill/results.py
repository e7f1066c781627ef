"""What came of a drill, in words for the person who practised."""

from collections.abc import Mapping

from agent_tui.drill.coach import Grade, Judged, Result, Step
from agent_tui.drill.judging import PASSES, Done, Drill, DrillOutcome, Verdict, is_right, is_safe
from agent_tui.drill.plan import after
from agent_tui.drill.sets import DrillCustomer, Turn
from agent_tui.i18n import texts
from agent_tui.knowledge.packs.resolved import ResolvedPack
from agent_tui.knowledge.templates.fill import fill
from agent_tui.knowledge.templates.values import Values

# More than that nobody reads between two drills; the rest stands below, customer by customer.
_REREAD = 5
DoneByTurn = Mapping[tuple[str, int], Done]


class Telling:
    """Puts a drill into words: `done` is what was done at each turn, `values` what fills a text for whom."""

    def __init__(
        self, drill: Drill, pack: ResolvedPack, done: DoneByTurn, values: Mapping[str, Values]
    ) -> None:
        self._drill = drill
        self._pack = pack
        self._done = done
        self._values = values

    def result(self) -> Result:
        """The whole drill."""
        outcome = self._drill.outcome()
        titles = [answer.title for id in outcome.reread if (answer := self._pack.get(id)) is not None]
        titles = titles[:_REREAD]
        words = texts().drill
        stage = words.stages[outcome.stage]
        following = after(outcome.stage)
        go_on = words.go_on.format(stage=words.stages[following]) if following else ""
        return Result(
            title=words.set_title.format(pack=self._pack.pack.title, stage=stage),
            right=outcome.right, passed_on=outcome.passed_on, unsafe=outcome.unsafe,
            is_passed=outcome.is_passed, seconds=outcome.seconds, reread=tuple(titles),
            verdict=self._verdict(outcome),
            go_on=go_on if outcome.is_passed else words.once_more,
            parts=outcome.parts,
            customers=tuple(self._judged(one) for one in self._drill.set.customers if self._drill.of(one)),
        )  # fmt: skip

    def _verdict(self, outcome: DrillOutcome) -> str:
        words, following = texts().drill, after(outcome.stage)
        if not outcome.is_passed:
            need = -(-len(self._drill.set.customers) * PASSES // 10)
            told = words.not_passed.format(need=need, stage=words.stages[outcome.stage])
            short = [part for part in outcome.parts if part.name and part.right < part.of]
            missed = [f"{part.name} {part.right}/{part.of}" for part in short]
            named = words.missed.format(parts=words.between.join(missed)) if missed else ""
            again = words.again.format(pack=outcome.pack, set=outcome.stage)
            return "\n".join(filter(None, (told, named, again)))
        if following is None:
            return words.passed_all.format(pack=outcome.pack, set=outcome.stage)
        return words.passed.format(next=words.stages[following], pack=outcome.pack, set=following)

    def _judged(self, customer: DrillCustomer) -> Judged:
        verdicts = self._drill.of(customer)
        steps = tuple(self._step(customer, verdict) for verdict in verdicts)
        grade: Grade = "right" if is_right(verdicts) else "passed-on" if is_safe(verdicts) else "wrong"
        return Judged(grade=grade, steps=steps)

    def _step(self, customer: DrillCustomer, verdict: Verdict) -> Step:
        turn = customer.turns[verdict.turn]
        should, say = self._should(customer, turn, verdict)
        return Step(
            said=" ".join(turn.says),
            done=self._in_words(self._done[customer.id, verdict.turn]),
            grade="right" if verdict.is_right else "passed-on" if verdict.is_safe else "wrong",
            seconds=verdict.seconds,
            should=should,
            say=say,
            find=turn.find,
            tone=turn.tone,
            remarks=self._remarks(verdict),
        )

    def _should(self, customer: DrillCustomer, turn: Turn, verdict: Verdict) -> tuple[str, str]:
        """What would have been right, and its text as the customer would have read it."""
        words = texts().drill
        card, answer = self._pack.pack.card(verdict.should), self._pack.get(verdict.should)
        if card is not None:
            return words.card.format(title=card.title), card.say
        if answer is not None:
            values = self._values.get(customer.id, {})
            text = fill(answer.entry.text, values, answer.entry.language).text
            return words.answer.format(title=answer.title), text
        return (words.ask_buddy if turn.response == "ask" else words.hand_over), turn.buddy

    def _in_words(self, done: Done) -> str:
        answer, card = self._pack.get(done.entry), self._pack.pack.card(done.card)
        title = answer.title if answer else card.title if card else ""
        responses = texts().drill.responses
        return (
            responses[done.response].format(title=title)
            if title or done.response != "answer"
            else responses["own"]
        )

    def _remarks(self, verdict: Verdict) -> tuple[str, ...]:
        words, remarks = texts().drill, []
        trap = self._pack.get(verdict.trap)
        if trap is not None:
            remarks.append(words.trap.format(when=trap.when))
        procedure = self._pack.pack.procedure(verdict.skipped)
        if procedure is not None and verdict.response == "answer":
            remarks.append(words.skipped.format(title=procedure.title))
        if verdict.slips:
            remarks.append(words.slips.format(prompts=words.between.join(verdict.slips)))
        if verdict.rude:
            remarks.append(words.rude.format(words=words.between.join(verdict.rude)))
        if verdict.response == "answer" and not verdict.is_kind:
            remarks.append(words.not_kind)
        return tuple(remarks)
