"""The library: what it finds, fills, remembers and keeps fresh."""

import asyncio
from pathlib import Path

import pytest

from agent_tui.knowledge.content.entries import Article, Snippet, entry_of
from agent_tui.knowledge.content.own import OwnFolder, new_id
from agent_tui.knowledge.content.sources import OWN, CombinedSources, folder
from agent_tui.knowledge.errors import FillError
from agent_tui.knowledge.library import Library
from agent_tui.knowledge.recommend.advisor import Advisor, Situation, language_of
from agent_tui.knowledge.recommend.usage_log import Said, UsageFile
from agent_tui.knowledge.templates.values import Speaker
from tests.knowledge.samples import Shelf as FakeShelf
from tests.knowledge.samples import library
from tests.knowledge.templates.test_values import TICKET

ASKING = (Said("快递三天没动了，怎么回事"),)


def test_an_unloaded_library_answers_with_nothing() -> None:
    empty = Library(FakeShelf())
    assert not empty.is_ready
    assert empty.search("退款") == []
    assert empty.advise(Situation(messages=ASKING)) == ()
    assert empty.most_used({}) == []


def test_search_sees_use_counts_only_between_equals() -> None:
    made = library(uses=lambda entry: 9 if entry == "refund-time" else 0)
    weights = made.weights()
    assert made.search("退款", weights=weights)[0].id == "refund-time"
    assert made.search("tkjd", weights=weights)[0].id == "refund-progress"


def test_what_was_sent_lately_comes_before_what_was_sent_once() -> None:
    made = library(advisor=Advisor(clock=lambda: 1_000_000.0))
    made.advisor.record({"ship-when": 1.0}, ASKING, at=1_000_000.0)
    made.advisor.record({"refund-time": 1.0}, ASKING, at=0.0)
    assert [entry.id for entry in made.most_used(made.weights())][:2] == ["ship-when", "refund-time"]


def test_filling_speaks_the_language_of_the_entry() -> None:
    made = library(speaker=lambda: Speaker(agent="小林"))
    entry = made.get("refund-progress")
    assert entry is not None
    filled = made.fill(entry, TICKET)
    assert filled.text == "王敏您好，订单 8842017 的退款预计 到账时间 到账。"
    assert [blank.prompt for blank in filled.blanks] == ["到账时间"]
    assert "order.number" in made.known(entry, TICKET)


def test_a_broken_template_is_never_filled() -> None:
    made = library()
    broken = made.get("broken")
    assert broken is not None
    with pytest.raises(FillError):
        made.fill(broken, TICKET)


def test_the_customers_words_bring_the_answer_and_say_why() -> None:
    advice = library().advise(Situation(messages=ASKING, category="logistics"))
    assert advice[0].entry.id == "case-stuck"
    assert advice[0].because == "快递三天没动了"


def test_the_advisor_abstains_rather_than_offering_something_weak() -> None:
    assert library().advise(Situation(messages=(Said("嗯"),))) == ()
    assert library().advise(Situation()) == ()


def test_an_entry_of_another_channel_is_not_offered() -> None:
    asking = (Said("直播间福袋什么时候开"),)
    here = library().advise(Situation(messages=asking, channel="web"))
    there = library().advise(Situation(messages=asking, channel="live"))
    assert "live-only" not in [one.entry.id for one in here]
    assert "live-only" in [one.entry.id for one in there]


def test_a_send_is_kept_without_personal_data(tmp_path: Path) -> None:
    file = tmp_path / "usages.jsonl"
    made = library(advisor=Advisor(usages=UsageFile(file)))
    made.advisor.record(
        {"ship-when": 0.8}, (Said("我是王敏，手机13812345678，什么时候发货"),), personal=("王敏",), at=5.0
    )
    written = file.read_text("utf-8")
    assert "王敏" not in written
    assert "13812345678" not in written
    assert UsageFile(file).read()[0].entry == "ship-when"


def test_a_helper_keeps_no_usages_on_this_machine(tmp_path: Path) -> None:
    made = library(own=OwnFolder(tmp_path))
    made.advisor.record({"ship-when": 1.0}, ASKING, at=5.0)
    assert list(tmp_path.rglob("*.jsonl")) == []


def test_a_saved_snippet_is_found_at_once_and_after_a_restart(tmp_path: Path) -> None:
    made = library(own=OwnFolder(tmp_path))
    made.save_snippet(Snippet(id="own-1", title="我的口头禅", body="{{ customer.name }}，马上\n给您办。"))
    assert [hit.id for hit in made.search("ktc")] == ["own-1"]
    again = Library(CombinedSources([folder(tmp_path, OWN)]))
    again.refresh()
    assert again.problems == ()
    entry = again.get("own-1")
    assert entry is not None
    assert (entry.text, entry.needs, entry.origin) == (
        "{{ customer.name }}，马上\n给您办。", ("customer.name",), "own",
    )  # fmt: skip


def test_saving_the_same_snippet_again_replaces_it(tmp_path: Path) -> None:
    own = OwnFolder(tmp_path)
    for body in ("一", "二"):
        own.save_snippet(Snippet(id="own-1", title="题", body=body))
    own.save_snippet(Snippet(id="own-2", title="题二", body="三"))
    again = Library(CombinedSources([folder(tmp_path, OWN)]))
    again.refresh()
    assert {entry.id: entry.text for entry in again.most_used({})} == {"own-1": "二", "own-2": "三"}


def test_a_template_that_cannot_be_filled_is_not_saved(tmp_path: Path) -> None:
    made = library(own=OwnFolder(tmp_path))
    with pytest.raises(FillError):
        made.save_snippet(Snippet(id="own-1", title="坏", body="{{ customer.nickname }}"))
    assert list(tmp_path.rglob("*.yaml")) == []


def test_own_snippets_that_were_damaged_by_hand_are_left_as_they_are(tmp_path: Path) -> None:
    own = OwnFolder(tmp_path)
    own.snippets_file.parent.mkdir(parents=True)
    own.snippets_file.write_text("- id: [", "utf-8")
    with pytest.raises(ValueError, match=r"own\.yaml"):
        own.save_snippet(Snippet(id="own-1", title="题", body="一"))
    assert own.snippets_file.read_text("utf-8") == "- id: ["


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_case_is_saved_as_the_markdown_an_editor_would_write(tmp_path: Path, language: str) -> None:
    case = Article(
        id="case-own-1", title="题: 带冒号", category="refund", language=language, problem="p", cause="c",
        script="s ${1:时间}", result="r\n\n- x", similar=("怎么: 回事",),
    )  # fmt: skip
    library(own=OwnFolder(tmp_path)).save_case(case)
    again = Library(CombinedSources([folder(tmp_path, OWN)]))
    again.refresh()
    assert again.problems == ()
    assert again.get("case-own-1") == entry_of(case, "own")


async def test_a_changed_source_is_live_without_a_restart() -> None:
    shelf = FakeShelf()
    made = Library(shelf)
    told = asyncio.Event()
    made.subscribe(told.set)
    running = asyncio.create_task(made.run())
    await told.wait()
    assert made.search("退款")
    shelf.entries = (entry_of(Snippet(id="new", title="新写的短语", body="新"), "team"),)
    while made.get("new") is None:
        told.clear()
        await told.wait()
    assert made.search("退款") == []
    running.cancel()


def test_unchanged_sources_are_not_read_again() -> None:
    shelf = FakeShelf()
    made = Library(shelf)
    assert made.refresh()
    assert not made.refresh()
    assert shelf.reads == 1


def test_the_language_to_answer_in_is_the_customers() -> None:
    assert language_of((Said("where is my order"), Said("Hi, how can I help", "agent"))) == "en"
    assert language_of((Said("where"), Said("到哪了"))) == "zh"
    assert language_of(()) == "zh"


def test_ids_made_here_are_valid_and_in_order() -> None:
    assert new_id("own", 1_700_000_000.0) < new_id("own", 1_800_000_000.0)
    assert new_id("own", 1_700_000_000.0).replace("-", "").isalnum()
