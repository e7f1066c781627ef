"""The rules of presence: who may know what, how often, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from agent_tui.domain.models import Role
from agent_tui.domain.presence import (
    EVERY,
    KEPT,
    LONGEST_DRAFT,
    Around,
    Lookers,
    Onlooker,
    Presence,
    Told,
    Word,
    as_seen,
    shortened,
)

START = datetime(2026, 11, 11, 12, tzinfo=UTC)
ZHAO = Onlooker(id="zhao", name="小赵", role=Role.HELPER)
LIN = Onlooker(id="lin", name="林晓", role=Role.AGENT)
CHEN = Onlooker(id="chen", name="陈果", role=Role.AGENT)
LEAD = Onlooker(id="lead", name="许可", role=Role.LEAD)
HELPED = Around(helper="zhao", buddy="lin")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def says(
    who: Onlooker,
    ticket: str | None,
    draft: str = "",
    *,
    now: float = 0.0,
    device: str = "",
    around: Around = HELPED,
) -> Word:
    """What a person's device says."""
    return Word(
        device=device or who.id,
        person=who,
        at=at(now),
        ticket=ticket,
        draft=draft,
        writing=bool(draft),
        around=around,
    )


def heard(lookers: Lookers, word: Word, now: float = 0.0) -> dict[tuple[str, str], float]:
    """Take in a word and show what may be shown at once."""
    planned = lookers.hear(word, now)
    for key, wait in planned.items():
        if not wait:
            lookers.show(key, now)
    return planned


@pytest.mark.parametrize(
    ("who", "around", "draft"),
    [
        (LIN, HELPED, "您好"),
        (LEAD, HELPED, "您好"),
        (CHEN, HELPED, ""),
        (CHEN, Around(helper="zhao", buddy="lin", called="chen", stage="buddy"), "您好"),
        (CHEN, Around(helper="zhao", buddy="lin", stage="core"), "您好"),
        (CHEN, Around(helper="zhao", buddy="lin", stage="lead"), ""),
        (LIN, Around(helper="", buddy="lin"), ""),
        (LEAD, Around(), ""),
    ],
)
def test_whom_a_draft_is_for(who: Onlooker, around: Around, draft: str) -> None:
    present = Presence(ticket="t", person=ZHAO, at=START, writing=True, draft="您好")
    seen = as_seen(who, present, around)
    assert seen is not None
    assert (seen.draft, seen.writing) == (draft, True)


def test_a_helper_learns_names_at_their_own_ticket_only() -> None:
    present = Presence(ticket="t", person=LIN, at=START, writing=True)
    seen = as_seen(ZHAO, present, HELPED)
    assert seen == Presence(ticket="t", person=Onlooker(id="lin", name="林晓"), at=START)
    assert as_seen(ZHAO, present, Around(helper="qian")) is None
    assert as_seen(LIN, present, HELPED) is None


def test_three_times_a_second_and_the_last_word_is_never_lost() -> None:
    lookers = Lookers()
    heard(lookers, says(LIN, "t"))
    shown: list[str] = []
    due: dict[tuple[str, str], float] = {}
    for n in range(100):
        now = n / 100
        for key in [key for key, moment in due.items() if moment <= now]:
            del due[key]
            lookers.show(key, now)
            shown.append(lookers.seen_by(LIN)["t", "zhao"].draft)
        due |= {key: now + wait for key, wait in lookers.hear(says(ZHAO, "t", "字" * (n + 1)), now).items()}
    for key in due:
        lookers.show(key, 1.5)
    assert len(shown) <= 1 / EVERY + 1
    assert lookers.seen_by(LIN)["t", "zhao"].draft == "字" * 100


def test_a_word_that_is_not_repeated_runs_out() -> None:
    lookers = Lookers()
    heard(lookers, says(ZHAO, "t"))
    heard(lookers, says(LIN, "t"))
    heard(lookers, says(LIN, "t"), 20.0)
    assert lookers.next_expiry() == KEPT
    planned = lookers.expire(KEPT)
    assert set(planned) == {("t", "zhao")}
    lookers.show(("t", "zhao"), KEPT)
    assert lookers.seen_by(LIN) == {}
    assert lookers.next_expiry() == 20.0 + KEPT


def test_a_repeated_word_is_no_news() -> None:
    lookers = Lookers()
    heard(lookers, says(ZHAO, "t", "您好"))
    assert lookers.hear(says(ZHAO, "t", "您好", now=10), 10.0) == {}


def test_only_those_at_the_ticket_know_and_the_buddy_that_something_is_written() -> None:
    lookers = Lookers()
    for word in (says(ZHAO, "t", "您好"), says(CHEN, "u", around=Around()), says(LEAD, "u", around=Around())):
        heard(lookers, word)
    assert set(lookers.seen_by(CHEN)) == {("u", "lead")}
    seen = lookers.seen_by(LIN)
    assert (seen["t", "zhao"].writing, seen["t", "zhao"].draft) == (True, "")
    assert lookers.concerned("t") == {"zhao", "lin"}


def test_who_goes_elsewhere_is_gone_here() -> None:
    lookers, told = Lookers(), Told()
    heard(lookers, says(ZHAO, "t", "您好"))
    heard(lookers, says(LIN, "t"))
    assert [one.draft for one in told.news(lookers.seen_by(LIN), START)] == ["您好"]
    assert told.news(lookers.seen_by(LIN), START) == []
    planned = lookers.hear(says(ZHAO, None), 1.0)
    assert planned == {("t", "zhao"): 0.0}
    lookers.show(("t", "zhao"), 1.0)
    (gone,) = told.news(lookers.seen_by(LIN), at(1))
    assert (gone.gone, gone.person.id, gone.draft) == (True, "zhao", "")


def test_another_device_keeps_one_there() -> None:
    """The one that writes counts; gone is who left with all of them."""
    lookers = Lookers()
    heard(lookers, says(LEAD, "t"))
    heard(lookers, says(LIN, "t", device="one"), 0)
    heard(lookers, says(LIN, "t", "字", device="two"), 1)
    assert lookers.seen_by(LEAD)["t", "lin"].writing
    for key in lookers.leave("two", 2.0):
        lookers.show(key, 2.0)
    assert not lookers.seen_by(LEAD)["t", "lin"].writing
    for key in lookers.leave("one", 3.0):
        lookers.show(key, 3.0)
    assert lookers.seen_by(LEAD) == {}


def test_nothing_is_left_of_people_who_left() -> None:
    lookers = Lookers()
    heard(lookers, says(ZHAO, "t", "您好"))
    for key in lookers.leave("zhao", 1.0):
        lookers.show(key, 1.0)
    lookers.expire(60.0)
    left = (
        lookers._words,
        lookers._devices,
        lookers._around,
        lookers._beside,
        lookers._shown,
        lookers._shown_at,
    )
    assert not any(left)


def test_of_a_long_draft_the_end_counts() -> None:
    assert shortened("a" * 3000 + "完") == "a" * (LONGEST_DRAFT - 1) + "完"
