"""What is proposed from what was asked: what helpers solve alone counts, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_tui.domain.models import Category, Class, Mood, Tier
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.packs.format import Pack
from agent_tui.knowledge.packs.proposal import AskedRecord, asked_of, choose_base, helper_can, propose
from agent_tui.knowledge.packs.reading import built_in_packs, parse_pack, read_packs
from agent_tui.knowledge.packs.writing import write_proposal
from agent_tui.knowledge.recommend.usage_log import Said, Usage

BASE = next(one.pack for one in read_packs(built_in_packs())[0] if one.pack.id == "logistics")


def entry(id: str, text: str = "好的。", language: str = "zh") -> Entry:
    return Entry(id=id, kind="snippet", title=f"标题 {id}", text=text, language=language)


ENTRIES = {one.id: one for one in [entry(answer.entry) for answer in BASE.answers]} | {
    "new": entry("new"),
    "blank": entry("blank", "请等 ${1:几天} 天。"),
    "english": entry("english", language="en"),
    "mute": entry("mute", ""),
}


def asked(entry: str, solved: int, category: Category = Category.LOGISTICS, **more: object) -> AskedRecord:
    return AskedRecord(entry=entry, category=category, count=solved + 1, solved=solved, **more)


@pytest.mark.parametrize(
    ("record", "can"),
    [
        (asked("new", 1), 1.0),
        (asked("new", 1, class_=Class.PROCESS), 0.8),
        (asked("new", 1, class_=Class.TECHNICAL), 0.0),
        (asked("new", 1, category=Category.INVOICE), 0.0),
        (asked("new", 1, category=Category.COMPLAINT), 0.0),
        (asked("new", 1, tier=Tier.VIP), 0.0),
        (asked("new", 1, mood=Mood.ANGRY), 0.0),
        (asked("new", 1, again=True), 0.0),
    ],
)
def test_what_a_helper_can_do_alone_is_what_the_server_gives_them(record: AskedRecord, can: float):
    assert helper_can(record, BASE) == can


def test_what_solved_most_comes_first_and_the_rest_is_filled_up():
    proposal = propose([asked("new", 50), asked("parcel-urgent", 80)], ENTRIES, BASE)
    ids = [answer.entry for answer in proposal.pack.answers]
    assert ids[:2] == ["parcel-urgent", "new"]
    assert len(ids) == len(set(ids)) == 20
    assert proposal.pack.version == BASE.version + 1
    assert (proposal.solved, proposal.covered, proposal.coverage) == (130, 130, 1.0)
    assert proposal.former == pytest.approx(80 / 130)


def test_a_blank_to_fill_costs_and_what_cannot_be_sent_is_left_out():
    records = [asked("blank", 100), asked("new", 61), asked("english", 900), asked("mute", 900)]
    proposal = propose([*records, asked("gone", 900)], ENTRIES, BASE)
    assert [answer.entry for answer in proposal.pack.answers[:2]] == ["new", "blank"]
    assert proposal.coverage == pytest.approx(161 / (161 + 2700))


def test_the_file_an_editor_gets_reads_back_and_says_what_to_write():
    proposal = propose([asked("new", 50)], ENTRIES, BASE)
    text = write_proposal(proposal, BASE.title, "zh")
    placed, problems = parse_pack(text, "proposal.yaml")
    assert not problems
    assert placed is not None
    assert placed.pack == proposal.pack
    assert "请改写" in text
    assert "100.0%" in text


def test_usages_are_counted_by_what_the_customer_said():
    said = (Said("我的快递到哪了"), Said("我要投诉", "agent"))
    usages = [Usage(entry="new", messages=said, solved=True), Usage(entry="new", messages=said)]
    (record,) = asked_of(usages)
    assert (record.entry, record.category, record.count, record.solved) == ("new", Category.LOGISTICS, 2, 1)
    assert record.mood is not Mood.ANGRY


RECORDS = st.lists(
    st.builds(
        AskedRecord,
        entry=st.sampled_from([*ENTRIES, "gone"]),
        category=st.sampled_from(Category),
        class_=st.sampled_from(Class),
        tier=st.sampled_from(Tier),
        mood=st.sampled_from(Mood),
        again=st.booleans(),
        count=st.integers(0, 50),
        solved=st.integers(0, 50),
    ),
    max_size=30,
)


@given(RECORDS)
def test_whatever_was_asked_the_proposal_is_a_pack_of_20_that_covers_no_more_than_there_was(
    records: list[AskedRecord],
):
    proposal = propose(records, ENTRIES, BASE)
    ids = [answer.entry for answer in proposal.pack.answers]
    assert len(ids) == len(set(ids)) == 20
    assert 0 <= proposal.coverage <= 1
    assert proposal.covered <= proposal.solved <= proposal.eligible <= proposal.count
    assert _again(proposal.pack) == proposal.pack
    assert propose(records[::-1], ENTRIES, BASE).pack == proposal.pack


def _again(pack: Pack) -> Pack:
    from agent_tui.knowledge.packs.writing import write_pack

    placed, _ = parse_pack(write_pack(pack), "again.yaml")
    assert placed is not None
    return placed.pack


@pytest.mark.parametrize(
    ("kind", "can"),
    [
        ("query/logistics/regular/calm", 1.0),
        ("process/logistics/regular/calm", 0.8),
        ("query/logistics/vip/calm", 0.0),
        ("query/logistics/regular/angry", 0.0),
        ("query/invoice/regular/calm", 0.0),
        ("", 0.0),
        ("a word of another version", 1.0),
        (None, 1.0),
    ],
)
def test_what_the_server_says_of_a_ticket_counts_before_its_words(kind: str | None, can: float):
    usage = Usage(entry="new", messages=(Said("我的快递到哪了"),), category="logistics", kind=kind)
    assert [helper_can(record, BASE) for record in asked_of([usage])] == [can]


def test_the_pack_that_was_asked_for_is_continued():
    packs = [one.pack for one in read_packs(built_in_packs())[0]]
    questions = [asked("new", 3), asked("new", 1, Category.RETURN)]
    chosen = choose_base(questions, packs, ENTRIES)
    assert chosen is not None
    assert chosen.id == "logistics"
    assert choose_base([asked("new", 3, Category.COMPLAINT)], packs, ENTRIES) is None
    assert choose_base([asked("unknown", 3)], packs, ENTRIES) is None


def test_each_answer_says_how_often_it_was_used_and_solved():
    proposal = propose([asked("new", 4), asked("new", 1, class_=Class.PROCESS)], ENTRIES, BASE)
    assert (proposal.picks[0].asked, proposal.picks[0].solved) == (7, 5)
    text = write_proposal(proposal, BASE.title, "zh", "来源：某处")
    assert "- entry: new  # 用了 7 次，解决 5 次，占 100.0%" in text
    assert "# 来源：某处" in text.splitlines()
