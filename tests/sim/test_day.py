"""A day over HTTP: signed messages out, webhooks in, nothing lost and nothing twice."""

import asyncio
import json
import signal
import socket
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from agent_tui.cli.commands import app_for
from agent_tui.sim.cast import make_cast
from agent_tui.sim.engine import play
from agent_tui.sim.settings import ChannelKey, DaySettings, SimError, parse_channel, parse_listen
from agent_tui.sim.summary import Summary
from agent_tui.sim.texts import explain, texts
from tests.sim.conftest import StartDesk
from tests.sim.desk import KEYS, Desk, correct_answers, filled
from tests.sim.test_world import NOW

FAST = 2000.0


def settings(server: str, **changes: object) -> DaySettings:
    given = {
        "server": server,
        "channels": KEYS,
        "listen": "127.0.0.1:0",
        "customers": 30,
        "minutes": 4.0,
        "fast": FAST,
        "backoff": 0.01,
        "run": "r",
        "patience": 1000.0,
        "linger": 1_000_000.0,
        **changes,
    }
    return DaySettings(**given)  # type: ignore[arg-type]


class Oracle:
    """An agent who knows the right answer of every customer, and gives it at the first message."""

    def __init__(self, made: DaySettings) -> None:
        names = [channel.name for channel in made.channels]
        self._cases = {case.person.id: case for case in make_cast(made, names, NOW)}

    def __call__(self, message: dict[str, Any]) -> str:
        case = self._cases[message["customer"]["id"]]
        return filled(correct_answers(case.opening)[0], case.values)


async def play_day(start_desk: StartDesk, made: DaySettings, agent: Any) -> tuple[Desk, Summary]:
    desk, server = await start_desk(agent)
    summary = await play(msgspec.structs.replace(made, server=server), desk.notice)
    return desk, summary


def steady(summary: Summary) -> list[tuple[str, str, str, str]]:
    """What of a day does not hang on the machine's timing."""
    return [(one.customer, one.opening, one.channel, one.tier) for one in summary.fates]


async def test_an_agent_who_knows_helps_everyone(start_desk: StartDesk) -> None:
    made = settings("")
    desk, summary = await play_day(start_desk, made, Oracle(made))
    assert summary.total.customers == 30
    assert summary.total.helped == 30
    assert summary.total.left == summary.refused == 0
    assert summary.total.p50 is not None
    assert len(desk.customers) == 30
    for body in desk.bodies.values():
        assert set(body) - {"channel", "order"} == {"id", "customer", "parts", "sent_at"}
        assert body["customer"].items() <= desk.customers[body["customer"]["id"]].items()
        assert body.get("order") is None or desk.orders[body["order"]]["customer"] == body["customer"]["id"]


async def test_nobody_answers_and_everybody_leaves(start_desk: StartDesk) -> None:
    made = settings("", fast=20000.0, patience=1.0)
    desk, summary = await play_day(start_desk, made, lambda message: None)
    assert summary.total.left == summary.total.customers == 30
    assert summary.total.p50 is None
    assert summary.total.sent == len(desk.bodies)


async def test_the_same_seed_is_the_same_day(start_desk: StartDesk) -> None:
    made = settings("", seed=9)
    first, one = await play_day(start_desk, made, Oracle(made))
    second, two = await play_day(start_desk, made, Oracle(made))
    assert steady(one) == steady(two)

    def opening_words(desk: Desk) -> dict[str, Any]:
        return {key: body["parts"] for key, body in desk.bodies.items() if key.endswith("-001")}

    assert opening_words(first) == opening_words(second)
    assert first.customers == second.customers


async def test_a_server_that_fails_loses_nothing(start_desk: StartDesk) -> None:
    made = settings("", customers=10)
    told: Counter[str] = Counter()

    def agent(message: dict[str, Any]) -> str:
        if len(desk.bodies) == 5:
            desk.failing = 8
        return oracle(message)

    oracle = Oracle(made)
    desk, server = await start_desk(agent)

    def notice(code: str, **values: object) -> None:
        told[code] += 1
        desk.notice(code, **values)

    summary = await play(msgspec.structs.replace(made, server=server), notice)
    assert summary.total.helped == 10
    assert told["away"] >= 1
    assert told["back"] == told["away"]
    numbers: dict[str, list[int]] = defaultdict(list)
    for key in desk.bodies:
        _, who, number = key.split("-")
        numbers[who].append(int(number))
    assert all(sorted(seen) == list(range(1, len(seen) + 1)) for seen in numbers.values())


async def test_a_server_that_is_not_there_is_waited_for_until_cancelled() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    heard = asyncio.Event()

    def notice(code: str, **values: object) -> None:
        if code == "away":
            heard.set()

    task = asyncio.create_task(play(settings(f"http://127.0.0.1:{port}"), notice))
    await heard.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_reply_delivered_twice_is_heard_once(start_desk: StartDesk) -> None:
    made = settings("", customers=6)
    desk, server = await start_desk(Oracle(made))
    desk.copies = 3
    summary = await play(msgspec.structs.replace(made, server=server), desk.notice)
    assert summary.total.received <= len(desk.answers)
    assert any(len(codes) == 3 and set(codes) == {204} for codes in desk.answers.values())


async def test_webhooks_are_checked(start_desk: StartDesk) -> None:
    told: list[str] = []
    codes: dict[str, int] = {}

    def agent(message: dict[str, Any]) -> None:
        if not desk.tasks and not codes:
            task = asyncio.create_task(probe(message["customer"]["id"]))
            desk.tasks.add(task)
            task.add_done_callback(desk.tasks.discard)

    async def probe(customer: str) -> None:
        wrong = ChannelKey("web", "", "whsec_" + "AAAA" * 8)
        other = ChannelKey("nobody", "", KEYS[0].secret)
        for name, key in (("wrong", wrong), ("other", other), ("stranger", KEYS[0])):
            await desk.deliver(key, "somebody else" if name == "stranger" else customer, name, "hi")
            codes[name] = desk.answers[name][0]

    desk, server = await start_desk(agent)

    def notice(code: str, **values: object) -> None:
        told.append(code)
        desk.notice(code, **values)

    await play(settings(server, customers=3, fast=20000.0, patience=1.0), notice)
    await asyncio.gather(*desk.tasks)
    assert codes == {"wrong": 401, "other": 404, "stranger": 204}
    assert "bad-hook" in told


async def test_pictures_are_uploaded_and_carried(start_desk: StartDesk) -> None:
    def asks(message: dict[str, Any]) -> str:
        return "麻烦拍张照片发我看看 Please send a photo"

    made = settings("", customers=60, seed=2, minutes=2.0, fast=20000.0, patience=50.0)
    desk, _ = await play_day(start_desk, made, asks)
    images = [part for body in desk.bodies.values() for part in body["parts"] if part["type"] == "image"]
    assert images
    assert {part["file"]["id"] for part in images} == set(desk.files)
    assert all(content.startswith(b"\x89PNG") for content in desk.files.values())


async def test_a_channel_the_server_does_not_know_ends_the_day(start_desk: StartDesk) -> None:
    _, server = await start_desk(lambda message: None)
    stranger = ChannelKey("web", "other", KEYS[0].secret)
    with pytest.raises(SimError) as caught:
        await play(settings(server, channels=(stranger,)))
    assert caught.value.code == "not-allowed"
    assert "401" in explain(caught.value)


async def test_a_taken_port_says_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SimError) as caught:
            await play(settings("http://127.0.0.1:9", listen=listen))
    assert caught.value.code == "port-taken"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"channels": ()}, "no-channels"),
        ({"server": "nowhere"}, "bad-server"),
        ({"customers": 0}, "no-openings"),
    ],
)
async def test_a_day_that_cannot_be_says_why(changes: dict[str, object], code: str) -> None:
    with pytest.raises(SimError) as caught:
        await play(settings(**{"server": "http://127.0.0.1:9", **changes}))  # type: ignore[arg-type]
    assert caught.value.code == code


def test_a_channel_and_an_address_as_written() -> None:
    assert parse_channel("web:tok:whsec_YWI=") == ChannelKey("web", "tok", "whsec_YWI=")
    assert parse_listen("127.0.0.1:80") == ("127.0.0.1", 80)
    for text in ("web", "web:tok", ":a:YWI=", "web:tok:whsec_a="):
        with pytest.raises(SimError):
            parse_channel(text)
    for text in ("80", "host:", "host:x", "host:70000"):
        with pytest.raises(SimError):
            parse_listen(text)


def test_both_languages_say_the_same_things() -> None:
    assert set(texts()["zh"]) == set(texts()["en"])


async def test_the_command_prints_the_table_and_writes_the_json(
    start_desk: StartDesk, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    _, server = await start_desk(lambda message: None)
    keys = tmp_path / "channels.jsonl"
    keys.write_text("\n".join(json.dumps(msgspec.to_builtins(key)) for key in KEYS), "utf-8")
    out = tmp_path / "day.json"
    words = [
        "sim",
        "--server",
        server,
        "--channels-file",
        str(keys),
        "--listen",
        "127.0.0.1:0",
        "--customers",
        "4",
    ]
    words += ["--minutes", "1", "--fast", "20000", "--linger", "6000", "--json", str(out)]
    result = await asyncio.to_thread(CliRunner().invoke, app_for("sim"), words)
    assert result.exit_code == 0, result.output
    assert "合计" in result.stdout
    read = msgspec.json.decode(out.read_bytes(), type=Summary)
    assert read.total.customers == 4
    assert read.table("en").splitlines()[-1].startswith("total")


def test_the_command_says_what_is_wrong() -> None:
    result = CliRunner().invoke(app_for("sim"), ["sim", "--channel", "web"])
    assert result.exit_code == 2
    assert "web" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is sent as a signal here")
async def test_ctrl_c_still_prints_the_summary(start_desk: StartDesk, tmp_path: Path) -> None:
    heard = asyncio.Event()

    def agent(message: dict[str, Any]) -> None:
        heard.set()

    _, server = await start_desk(agent)
    key = KEYS[0]
    # A runner in the background passes an ignored Ctrl+C on to its children: a terminal does not.
    woken = "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    words = [
        "-c",
        woken + "runpy.run_module('agent_tui', run_name='__main__')",
        "sim",
        "--server",
        server,
        "--channel",
        f"{key.name}:{key.token}:{key.secret}",
    ]
    words += ["--listen", "127.0.0.1:0", "--waiting", "120"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    await heard.wait()
    process.send_signal(signal.SIGINT)
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert len(out.decode().splitlines()) > 3
