"""Recommended answers: what leads, what changes, when to keep silent, and the protocol for scripts."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.recommender import Recommender
from agent_tui.knowledge.recommend.situation import Guess, Situation
from agent_tui.knowledge.recommend.usage_log import Said, Usage
from agent_tui.knowledge.text.keywords import asked
from tests.bench.dialogues import Shop
from tests.patience import WAIT

ENTRIES = (
    Entry(id="refund", kind="article", title="退款多久到账", similar=("退款什么时候到", "钱怎么还没退")),
    Entry(id="stuck", kind="article", title="物流停滞", similar=("快递三天没动了",), category="logistics"),
    Entry(id="hello", kind="snippet", title="问候", text="您好，请问有什么可以帮您？"),
    Entry(
        id="en", kind="snippet", title="Where is my refund", text="Your refund is on its way.", language="en"
    ),
)


def guess(recommender: Recommender, *texts: str | Said, limit: int = 3) -> Guess:
    said = tuple(text if isinstance(text, Said) else Said(text) for text in texts)
    return recommender.guess(Situation(messages=said), limit=limit)


def best(recommender: Recommender, *texts: str | Said) -> str:
    return guess(recommender, *texts).advice[0].entry.id


def with_weights(entries: tuple[Entry, ...], data: bytes) -> Recommender:
    made = Recommender(entries)
    made.take_weights(data)
    return made


def test_finds_by_similar_question_and_says_so() -> None:
    found = guess(Recommender.build(ENTRIES), "我的退款什么时候到啊")
    first = found.advice[0]
    assert (first.entry.id, first.why, first.because) == ("refund", "similar", "退款什么时候到")
    assert found.is_sure


@pytest.mark.parametrize(
    ("text", "entry"), [("快遞三天沒動了", "stuck"), ("where is my refnd??", "en"), ("Ｒｅｆｕｎｄ？", "en")]
)
def test_finds_in_other_forms(text: str, entry: str) -> None:
    assert best(Recommender.build(ENTRIES), text) == entry


@pytest.mark.parametrize("text", ["在吗", "嗯", "……", "今天天气真不错想去爬山"])
def test_abstains_rather_than_recommending_something_weak(text: str) -> None:
    assert not guess(Recommender.build(ENTRIES), text).is_sure


@pytest.mark.parametrize("thanks", ["好的谢谢", "嗯嗯 知道了", "👍", "Thanks a lot!"])
def test_thanks_ask_nothing_but_an_open_question_stays_open(thanks: str) -> None:
    recommender = Recommender.build(ENTRIES)
    question, answer = Said("退款什么时候到"), Said("24 小时内到账", "agent")
    assert not guess(recommender, question, answer, thanks).is_sure
    still_open = guess(recommender, question, thanks)
    assert (still_open.advice[0].entry.id, still_open.is_sure) == ("refund", True)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("亲 在吗 我的快递没到", "我的快递没到"),
        ("好的谢谢，那运费谁出", "那运费谁出"),
        ("可以退吗", "可以退吗"),
        ("Hello, are you there?", ""),
        ("are you open", "are you open"),
        ("哈" * 5_000, ""),
    ],
)
def test_stop_phrases_are_left_out_of_what_is_asked(said: str, left: str) -> None:
    assert asked(said) == left


@pytest.mark.parametrize("messages", [[], [Said("")], [Said("   ")]])
def test_nothing_said_nothing_recommended(messages: list[Said]) -> None:
    found = guess(Recommender.build(ENTRIES), *messages)
    assert found.advice == ()
    assert not found.is_sure


def test_the_last_words_count_most() -> None:
    assert best(Recommender.build(ENTRIES), "快递三天没动了", "算了，退款什么时候到") == "refund"


def test_a_send_changes_what_comes_next() -> None:
    recommender = Recommender.build(ENTRIES)
    assert not guess(recommender, "亲在不在呀").is_sure
    for _ in range(3):
        recommender.learn(Usage(entry="hello", messages=(Said("亲在不在"),)))
    found = guess(recommender, "亲在不在呀")
    assert found.advice[0].entry.id == "hello"
    assert found.is_sure


def test_edited_away_sends_and_unknown_entries_teach_nothing() -> None:
    recommender = Recommender.build(ENTRIES)
    recommender.learn(Usage(entry="hello", messages=(Said("退款什么时候到"),), kept=0.0))
    recommender.learn(Usage(entry="gone", messages=(Said("退款什么时候到"),)))
    assert best(recommender, "退款什么时候到") == "refund"


def shop_usages(shop: Shop, count: int) -> list[Usage]:
    usages: list[Usage] = []
    conversations = shop.conversations()
    while len(usages) < count:
        usages += next(conversations)
    return usages[:count]


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop(7, entries=40, topics=15)


@pytest.fixture(scope="module")
def usages(shop: Shop) -> list[Usage]:
    return shop_usages(shop, 900)


def hit_rate(recommender: Recommender, usages: list[Usage], limit: int = 5) -> float:
    hits = [
        usage.entry in {one.entry.id for one in guess(recommender, *usage.messages, limit=limit).advice}
        for usage in usages
    ]
    return float(np.mean(hits))


def test_the_model_file_ranks_as_well_and_beats_popularity(shop: Shop, usages: list[Usage]) -> None:
    trained, unseen = Recommender.build(shop.entries, usages[:700]), usages[700:]
    counts: dict[str, int] = {}
    for usage in usages[:700]:
        counts[usage.entry] = counts.get(usage.entry, 0) + 1
    popular = set(sorted(counts, key=lambda entry: -counts[entry])[:5])
    learned = hit_rate(trained, unseen)
    assert learned > np.mean([usage.entry in popular for usage in unseen]) + 0.1
    shipped = with_weights(tuple(shop.entries), trained.weights())
    assert hit_rate(shipped, unseen) > learned - 0.05


def test_same_input_same_output(shop: Shop, usages: list[Usage]) -> None:
    first, second = (Recommender.build(shop.entries, usages[:300]) for _ in range(2))
    asked = usages[800].messages
    assert guess(first, *asked, limit=9) == guess(second, *asked, limit=9)


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x81\xa6format\x02"])
def test_a_damaged_model_file_changes_nothing(data: bytes) -> None:
    assert best(with_weights(ENTRIES, data), "退款什么时候到") == "refund"


@settings(max_examples=60)
@given(st.lists(st.tuples(st.text(max_size=30), st.sampled_from(["customer", "agent"])), max_size=12))
def test_any_conversation_gets_an_answer(said: list[tuple[str, str]]) -> None:
    recommender = Recommender.build(ENTRIES, [Usage(entry="hello", messages=(Said("你好"),))])
    found = guess(recommender, *(Said(text, side) for text, side in said))  # type: ignore[arg-type]
    assert len(found.advice) <= 3
    assert all(0 <= one.score <= 1 for one in found.advice)


SNIPPETS = """
- {id: refund, title: 退款多久到账, body: 退款原路退回，24 小时内到账}
- {id: stuck, title: 物流停滞, body: 已帮您催快递}
"""


COMMAND = (sys.executable, "-m", "agent_tui", "kb", "recommend")


def run(folder: Path, *options: str, given: bytes) -> subprocess.CompletedProcess[bytes]:
    command = [
        sys.executable,
        "-m",
        "agent_tui",
        "kb",
        "recommend",
        "--content",
        str(folder),
        "--json",
        *options,
    ]
    return subprocess.run(command, input=given, capture_output=True, timeout=WAIT, check=True)


def test_batch_answers_line_for_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SNIPPETS, "utf-8")
    lines = [
        '{"id": "x", "messages": [{"from": "customer", "text": "退款多久到"}]}',
        '{"messages": [{"text": "快递停滞"}], "id": 1.50}',
        "",
        "{",
        '{"id": {"a": [1]}, "messages": [], "category": "refund"}',
    ]
    done = run(tmp_path, "--batch", "-", given="\n".join(lines).encode())
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [set(answer) for answer in answers] == [{"id", "hits", "abstain"}] * 5
    assert [answer["id"] for answer in answers] == ["x", 1.5, None, None, {"a": [1]}]
    assert b'"id":1.50' in done.stdout
    assert [answer["hits"][0]["id"] for answer in answers[:2]] == ["refund", "stuck"]
    assert set(answers[0]["hits"][0]) == {"id", "score", "stars", "why", "text", "fits", "reason"}


def test_batch_learns_first_and_warns_once_about_unknown_entries(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SNIPPETS, "utf-8")
    usages = ['{"entry": "stuck", "messages": [{"from": "customer", "text": "到哪啦"}]}'] * 4
    usages += ['{"entry": "gone", "messages": []}'] * 3
    (tmp_path / "usages.jsonl").write_text("\n".join(usages), "utf-8")
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"id": 1, "messages": [{"text": "到哪啦"}]}\n', "utf-8")
    options = ("--usages", str(tmp_path / "usages.jsonl"), "--batch", str(batch), "--limit", "1")
    done = run(tmp_path, *options, given=b"")
    assert [hit["id"] for hit in json.loads(done.stdout)["hits"]] == ["stuck"]
    assert len(done.stderr.splitlines()) == 1


def test_each_line_is_answered_before_the_next_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SNIPPETS, "utf-8")
    command = [
        sys.executable,
        "-m",
        "agent_tui",
        "kb",
        "recommend",
        "--content",
        str(tmp_path),
        "--batch",
        "-",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(f'{{"id": {number}, "messages": [{{"text": "退款"}}]}}\n'.encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(WAIT) == 0
