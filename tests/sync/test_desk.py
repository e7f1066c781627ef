"""The desk as a screen uses it: what shows at once, what waits, what asks a person."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent_tui.backends.base import Unavailable
from agent_tui.backends.memory import MemoryBackend
from agent_tui.desk import Draft, Link, RefusedHere, SendState, Topic
from agent_tui.domain.commands import (
    AddNote,
    Claim,
    Recall,
    SendReply,
    SetAvailability,
    SetStatus,
    Snooze,
    UsedEntry,
)
from agent_tui.domain.models import (
    Availability,
    Customer,
    FileInfo,
    MessageKind,
    Order,
    Role,
    Status,
    Tier,
)
from agent_tui.domain.views import View
from agent_tui.sync.files import safe_name
from agent_tui.sync.ids import new_id
from tests.sync.desk_at_work import AtWork, at_work, text


@pytest.fixture
def work() -> Iterator[AtWork]:
    with at_work() as work:
        work.start()
        yield work


def states(work: AtWork, ticket: str) -> list[SendState | None]:
    return [
        s.state for s in work.desk.conversations.get(ticket).shown if s.message.kind is not MessageKind.EVENT
    ]


def test_a_customer_appears_in_the_queue(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    assert work.desk.queue.ids(View.WAITING) == [ticket]
    assert work.desk.queue.counts()[View.WAITING] == 1
    row = work.desk.queue.row(ticket)
    assert row is not None
    assert (row.customer, row.last_text, row.unread) == ("王1", "在吗", 1)
    assert any(ticket in change.tickets for change in work.changes)


def test_a_burst_is_one_change(work: AtWork) -> None:
    work.pass_time(1)
    work.changes.clear()
    tickets = {work.customer(str(n), "在吗") for n in range(40)}
    work.pass_time(0.05)
    assert [change.tickets for change in work.changes if change.tickets] == [tickets]


def test_a_reply_is_held_then_goes_once(work: AtWork) -> None:
    ticket = work.customer("1", "什么时候发货")
    work.pass_time(0.1)
    work.loop.run(work.desk.conversations.open(ticket))
    work.do(lambda: work.desk.outbox.reply(ticket, text("今天")))
    assert states(work, ticket) == [None, SendState.HELD]
    row = work.desk.queue.row(ticket)
    assert row is not None
    assert (row.assignee_id, row.unread, row.last_text) == ("me", 0, "今天")
    assert work.desk.outbox.unsent() == 1
    work.pass_time(2.9)
    assert work.replies() == []
    work.pass_time(0.3)
    assert work.replies() == ["今天"]
    assert states(work, ticket) == [None, SendState.SENT]
    assert (work.desk.outbox.items(), work.desk.outbox.unsent()) == ((), 0)
    work.world.deliver(work.world.replies[0])
    work.pass_time(0.1)
    assert states(work, ticket) == [None, SendState.DELIVERED]


def test_a_channel_that_refuses_is_seen(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.loop.run(work.desk.conversations.open(ticket))
    work.do(lambda: work.desk.outbox.reply(ticket, text("在")))
    work.pass_time(4)
    work.world.deliver(work.world.replies[0], error="blocked")
    work.pass_time(0.1)
    shown = work.desk.conversations.get(ticket).shown[-1]
    assert (shown.state, shown.reason) == (SendState.UNDELIVERED, "blocked")


def test_undo_gives_the_words_back_and_shows_the_ticket_as_before(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    before = work.desk.queue.row(ticket)
    command = work.do(lambda: work.desk.outbox.reply(ticket, text("打错了")))
    undone = work.do(lambda: work.desk.outbox.undo(command))
    assert isinstance(undone, SendReply)
    assert undone.parts == text("打错了")
    assert work.desk.queue.row(ticket) == before
    work.pass_time(10)
    assert work.replies() == []
    assert work.do(lambda: work.desk.outbox.undo(command)) is None


def test_send_now_ends_the_wait(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    command = work.do(lambda: work.desk.outbox.reply(ticket, text("在")))
    work.do(lambda: work.desk.outbox.send_now(command))
    work.pass_time(0.1)
    assert work.replies() == ["在"]


def test_send_and_solve_goes_in_order(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.do(lambda: work.desk.outbox.reply(ticket, text("好了")))
    seen = work.desk.tickets.get(ticket)
    assert seen is not None
    solve = SetStatus(id=new_id(), ticket=ticket, status=Status.SOLVED, version=seen.version)
    work.do(lambda: work.desk.submit(solve))
    row = work.desk.queue.row(ticket)
    assert row is not None
    assert row.status is Status.SOLVED
    work.pass_time(4)
    assert work.replies() == ["好了"]
    assert work.world.tickets[ticket].status is Status.SOLVED
    assert work.desk.outbox.items() == ()


def test_what_stood_behind_an_undone_reply_still_fits(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    command = work.do(lambda: work.desk.outbox.reply(ticket, text("好了")))
    seen = work.desk.tickets.get(ticket)
    assert seen is not None
    hold = SetStatus(id=new_id(), ticket=ticket, status=Status.ON_HOLD, version=seen.version)
    work.do(lambda: work.desk.submit(hold))
    work.do(lambda: work.desk.outbox.undo(command))
    work.pass_time(1)
    assert work.world.tickets[ticket].status is Status.ON_HOLD
    assert work.desk.outbox.items() == ()


def test_offline_work_goes_when_the_line_is_back(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.backend.go_offline()
    work.pass_time(1)
    assert work.desk.connection.state.link is Link.OFFLINE
    assert work.desk.connection.state.retry_at > 0
    work.do(lambda: work.desk.outbox.reply(ticket, text("在的")))
    work.pass_time(60)
    (item,) = work.desk.outbox.items()
    assert item.state is SendState.QUEUED
    work.backend.come_back()
    work.pass_time(30)
    assert work.desk.connection.state.link is Link.ONLINE
    assert work.replies() == ["在的"]
    assert work.desk.outbox.items() == ()


def test_a_lost_answer_does_not_send_twice(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.backend.lose_answers(3)
    work.do(lambda: work.desk.outbox.reply(ticket, text("在的")))
    work.pass_time(60)
    assert work.replies() == ["在的"]
    assert work.desk.outbox.items() == ()


def test_sent_again_before_the_feed_has_told_it_goes_out_once(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.backend.delay_events(60)
    work.backend.break_on_send()
    work.do(lambda: work.desk.outbox.reply(ticket, text("在的")))
    work.pass_time(5)
    assert work.replies() == ["在的"]
    assert work.desk.outbox.unsent() == 1
    work.backend.come_back()
    work.pass_time(30)
    assert work.desk.outbox.unsent() == 0
    assert work.replies() == ["在的"]
    work.pass_time(120)
    row = work.desk.queue.row(ticket)
    assert row is not None
    assert (row.last_text, row.version) == ("在的", work.world.tickets[ticket].version)


def test_a_conflict_waits_for_a_person_and_stops_what_follows(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.backend.go_offline()
    work.pass_time(0.5)
    seen = work.desk.tickets.get(ticket)
    assert seen is not None
    solve = SetStatus(id=new_id(), ticket=ticket, status=Status.SOLVED, version=seen.version)
    work.do(lambda: work.desk.submit(solve))
    reply = work.do(lambda: work.desk.outbox.reply(ticket, text("再见")))
    work.customer("1", "等等,还有一个问题")
    work.pass_time(5)
    work.backend.come_back()
    work.pass_time(30)
    found = {item.command.id: (item.state, item.reason) for item in work.desk.outbox.items()}
    assert found == {
        solve.id: (SendState.REFUSED, "conflict"),
        reply: (SendState.REFUSED, "not-tried"),
    }
    assert work.world.tickets[ticket].status is Status.NEW
    row = work.desk.queue.row(ticket)
    assert row is not None
    assert (row.status, row.last_text) == (Status.NEW, "等等,还有一个问题")
    assert any(Topic.REFUSALS in change.topics for change in work.changes)
    work.do(lambda: work.desk.outbox.retry(reply))
    assert isinstance(work.do(lambda: work.desk.outbox.discard(solve.id)), SetStatus)
    work.pass_time(1)
    assert work.replies() == ["再见"]
    assert work.desk.outbox.items() == ()


def test_a_claim_that_only_words_overtook_is_tried_again(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.backend.go_offline()
    work.pass_time(0.5)
    seen = work.desk.tickets.get(ticket)
    assert seen is not None
    work.do(lambda: work.desk.submit(Claim(id=new_id(), ticket=ticket, version=seen.version)))
    work.customer("1", "人呢???")
    work.backend.come_back()
    work.pass_time(30)
    held = work.world.tickets[ticket].assignee
    assert held is not None
    assert held.id == "me"
    assert work.desk.outbox.items() == ()


def test_what_the_rules_refuse_is_refused_at_once(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    seen = work.desk.tickets.get(ticket)
    assert seen is not None
    past = seen.created_at - timedelta(hours=1)
    with pytest.raises(RefusedHere) as caught:
        work.do(lambda: work.desk.submit(Snooze(id=new_id(), ticket=ticket, version=1, until=past)))
    assert caught.value.code == "not-in-future"
    assert work.desk.outbox.items() == ()


def test_an_expired_token_keeps_everything(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.backend.expire()
    work.do(lambda: work.desk.outbox.reply(ticket, text("在的")))
    work.pass_time(100)
    assert work.desk.connection.state.link is Link.AUTH_EXPIRED
    assert work.desk.outbox.unsent() == 1
    work.do(lambda: work.desk.use_token("another"))
    work.pass_time(1)
    assert work.desk.connection.state.link is Link.ONLINE
    assert work.replies() == ["在的"]


def test_after_an_epoch_change_a_person_is_asked(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.backend.go_offline()
    work.pass_time(0.5)
    command = work.do(lambda: work.desk.outbox.reply(ticket, text("在的")))
    work.world.epoch = "m2"
    work.pass_time(5)
    work.backend.come_back()
    work.pass_time(60)
    assert work.desk.connection.state.link is Link.ONLINE
    (item,) = work.desk.outbox.items()
    assert (item.state, item.reason) == (SendState.UNSURE, "epoch")
    assert work.replies() == []
    work.do(lambda: work.desk.outbox.retry(command))
    work.pass_time(1)
    assert work.replies() == ["在的"]


def test_a_cursor_that_is_too_old_is_a_new_snapshot_and_nothing_else(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.backend.go_offline()
    work.do(lambda: work.desk.outbox.reply(ticket, text("在的")))
    work.customer("2", "有人吗")
    work.world.forgotten = len(work.world.log)
    work.pass_time(5)
    work.backend.come_back()
    work.pass_time(60)
    assert work.replies() == ["在的"]
    assert len(work.desk.queue.ids(View.ALL)) == 2


def test_two_agents_never_get_the_same(work: AtWork) -> None:
    one, two = work.customer("1", "在吗"), work.customer("2", "在吗")
    work.pass_time(0.1)
    assert work.loop.run(work.desk.claims.next()) == one
    row = work.desk.queue.row(one)
    assert row is not None
    assert row.assignee_id == "me"
    assert work.loop.run(work.desk.claims.next()) == two
    with pytest.raises(RefusedHere) as caught:
        work.loop.run(work.desk.claims.next())
    assert caught.value.code == "nothing-waits"


def test_a_claim_next_without_answer_takes_no_second_ticket(work: AtWork) -> None:
    one, _two = work.customer("1", "在吗"), work.customer("2", "在吗")
    work.pass_time(0.1)
    work.backend.lose_answers()
    with pytest.raises(Unavailable):
        work.loop.run(work.desk.claims.next())
    assert work.loop.run(work.desk.claims.next()) == one
    assert work.world.seats["me"].load == 1


def test_claim_next_obeys_what_one_has_just_said(work: AtWork) -> None:
    work.customer("1", "在吗")
    work.pass_time(0.1)
    work.do(lambda: work.desk.submit(SetAvailability(id=new_id(), availability=Availability.BREAK)))
    assert work.desk.team.me.availability is Availability.BREAK
    with pytest.raises(RefusedHere) as caught:
        work.loop.run(work.desk.claims.next())
    assert caught.value.code == "not-online"
    work.pass_time(0.1)
    work.do(lambda: work.desk.submit(SetAvailability(id=new_id(), availability=Availability.ONLINE)))
    assert work.loop.run(work.desk.claims.next())


def test_what_was_refused_of_ones_availability_holds_up_no_claim(work: AtWork) -> None:
    work.customer("1", "在吗")
    work.pass_time(0.1)
    online = SetAvailability(id=new_id(), availability=Availability.ONLINE)
    work.backend.refuse_bodies_with(online.id)
    work.do(lambda: work.desk.submit(online))
    work.pass_time(1)
    assert [item.state for item in work.desk.outbox.items()] == [SendState.REFUSED]
    assert work.loop.run(work.desk.claims.next())


def test_history_comes_in_pages(work: AtWork) -> None:
    for n in range(120):
        ticket = work.customer("1", str(n))
    work.pass_time(0.1)
    work.loop.run(work.desk.conversations.open(ticket))
    conversation = work.desk.conversations.get(ticket)
    assert (len(conversation.shown), conversation.more, conversation.loaded) == (50, True, True)
    assert work.loop.run(work.desk.conversations.load_older(ticket))
    assert work.loop.run(work.desk.conversations.load_older(ticket))
    conversation = work.desk.conversations.get(ticket)
    assert [s.message.parts[0].text for s in conversation.shown] == [str(n) for n in range(120)]
    assert not conversation.more
    assert not work.loop.run(work.desk.conversations.load_older(ticket))


def test_an_opened_ticket_is_kept_fresh_and_let_go(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.loop.run(work.desk.conversations.open(ticket))
    work.customer("1", "人呢")
    work.pass_time(0.1)
    assert [s.message.parts[0].text for s in work.desk.conversations.get(ticket).shown] == ["在吗", "人呢"]
    work.do(lambda: work.desk.conversations.close(ticket))
    assert work.desk.conversations.get(ticket).shown == ()
    assert work.desk.tickets.detail(ticket) is None


def test_opened_while_offline_it_is_filled_when_the_line_is_back(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.backend.go_offline()
    with pytest.raises(Unavailable):
        work.loop.run(work.desk.conversations.open(ticket))
    assert not work.desk.conversations.get(ticket).loaded
    work.backend.come_back()
    work.pass_time(30)
    assert work.desk.conversations.get(ticket).loaded


def test_the_shop_s_news_reach_the_context(work: AtWork) -> None:
    work.world.set_order(Order(number="88", customer="1", status="paid", total="399.00"))
    ticket = work.customer("1", "在吗")
    work.world.receive(work.world.tickets[ticket].customer, "订单88", order="88")
    work.pass_time(0.1)
    work.loop.run(work.desk.conversations.open(ticket))
    detail = work.desk.tickets.detail(ticket)
    assert detail is not None
    assert detail.order_detail is not None
    work.world.set_order(Order(number="88", customer="1", status="shipped", total="399.00"))
    work.world.set_customer(Customer(id="1", name="王小敏", tier=Tier.VIP, phone="13800000000"))
    work.pass_time(0.1)
    detail, row = work.desk.tickets.detail(ticket), work.desk.queue.row(ticket)
    assert detail is not None
    assert row is not None
    assert detail.order_detail is not None
    assert detail.order_detail.status == "shipped"
    assert (row.customer, row.tier) == ("王小敏", Tier.VIP)
    assert detail.customer_detail is not None
    assert detail.customer_detail.phone == "13800000000"


def test_a_recall_shows_at_once(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.loop.run(work.desk.conversations.open(ticket))
    sent = work.do(lambda: work.desk.outbox.reply(ticket, text("发错了")))
    work.pass_time(4)
    work.do(lambda: work.desk.submit(Recall(id=new_id(), ticket=ticket, message=sent)))
    assert [
        s.message.recalled for s in work.desk.conversations.get(ticket).shown if s.message.id == sent
    ] == [True]
    work.pass_time(1)
    assert [
        s.message.recalled for s in work.desk.conversations.get(ticket).shown if s.message.id == sent
    ] == [True]


def test_use_counts_count_what_was_sent(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    learned: list[SendReply] = []
    work.desk.outbox.on_sent(learned.append)
    work.do(lambda: work.desk.outbox.reply(ticket, text("在"), (UsedEntry(id="greeting.hello", kept=0.9),)))
    assert work.desk.uses.count("greeting.hello") == 0
    work.pass_time(4)
    assert work.desk.uses.count("greeting.hello") == 1
    assert [c.parts for c in learned] == [text("在")]


def test_drain_waits_until_all_has_gone(work: AtWork) -> None:
    ticket = work.customer("1", "在吗")
    work.pass_time(0.1)
    work.do(lambda: work.desk.outbox.reply(ticket, text("在")))
    assert not work.loop.run(work.desk.outbox.drain(1.0))
    assert work.loop.run(work.desk.outbox.drain(5.0))
    assert work.replies() == ["在"]


def test_a_file_is_fetched_under_a_safe_name(work: AtWork) -> None:
    info = FileInfo(id="01JX", name="../../etc/签收 截图.jpg", size=3)
    work.world.files["01JX"] = (info, b"abc")
    path = work.loop.run(work.desk.files.fetch(info))
    assert path.read_bytes() == b"abc"
    assert path.name == "etc_签收_截图.jpg"
    assert work.loop.run(work.desk.files.upload(path)).name == "etc_签收_截图.jpg"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("..", "file"),
        ("con.txt", "file_con.txt"),
        ("a/b\\c:d", "a_b_c_d"),
        (".bashrc", "bashrc"),
        ("图\u202e.jpg", "图.jpg"),
    ],
)
def test_names_are_safe_anywhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe


# -- across restarts


def test_a_held_reply_survives_a_restart_and_waits_anew(tmp_path: Path) -> None:
    with at_work(folder=tmp_path) as work:
        work.start()
        ticket = work.customer("1", "在吗")
        work.pass_time(0.1)
        work.do(lambda: work.desk.outbox.reply(ticket, text("在的")))
        work.restart()
        work.start()
        (item,) = work.desk.outbox.items()
        assert item.state is SendState.HELD
        assert item.until > work.loop.clock() + 2
        work.pass_time(4)
        assert work.replies() == ["在的"]


def test_the_queue_is_there_before_the_backend_answers(tmp_path: Path) -> None:
    with at_work(folder=tmp_path) as work:
        work.start()
        ticket = work.customer("1", "在吗")
        work.pass_time(0.1)
        work.loop.run(work.desk.claims.next())
        work.loop.run(work.desk.conversations.open(ticket))
        work.do(lambda: work.desk.preferences.set("view", "mine"))
        work.do(lambda: work.desk.drafts.keep(ticket, Draft(text="您好,")))
        work.restart()
        work.backend.go_offline()
        work.start()
        assert work.desk.tickets.is_loaded
        assert work.desk.queue.ids(View.MINE) == [ticket]
        assert work.desk.team.me.name == "林晓"
        assert work.desk.conversations.get(ticket).shown[0].message.parts[0].text == "在吗"
        assert work.desk.preferences.get("view", "all") == "mine"
        assert work.desk.drafts.get(ticket).text == "您好,"
        assert work.desk.drafts.tickets() == {ticket}


def test_a_damaged_snapshot_is_thrown_away(tmp_path: Path) -> None:
    with at_work(folder=tmp_path) as work:
        work.start()
        work.customer("1", "在吗")
        work.pass_time(0.1)
        work.restart()
        file = tmp_path / "rows.msgpack"
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(bytes(data))
        work.backend.go_offline()
        work.start()
        assert not work.desk.tickets.is_loaded
        assert not file.exists()
        work.backend.come_back()
        work.pass_time(60)
        assert len(work.desk.queue.ids(View.ALL)) == 1


def test_a_damaged_record_is_shown_never_sent(tmp_path: Path) -> None:
    with at_work(folder=tmp_path) as work:
        work.start()
        ticket = work.customer("1", "在吗")
        work.pass_time(0.1)
        work.backend.go_offline()
        work.do(lambda: work.desk.outbox.reply(ticket, text("今天发货")))
        work.loop.run(work.desk.stop())
        file = tmp_path / "desk.store"
        file.write_bytes(file.read_bytes().replace("今天".encode(), "明天".encode()))
        work.backend = MemoryBackend(work.world, "me")
        work.open()
        work.start()
        work.pass_time(30)
        (item,) = [i for i in work.desk.outbox.items() if i.reason == "damaged"]
        assert isinstance(item.command, SendReply)
        assert (item.command.ticket, item.command.parts) == (ticket, text("明天发货"))
        with pytest.raises(RefusedHere):
            work.do(lambda: work.desk.outbox.retry(item.command.id))
        assert work.replies() == []
        for each in work.desk.outbox.items():
            work.do(lambda id=each.command.id: work.desk.outbox.discard(id))  # type: ignore[misc]
        work.restart()
        work.start()
        assert work.desk.outbox.items() == ()


def test_a_helper_s_machine_keeps_only_the_outbox(tmp_path: Path) -> None:
    with at_work(Role.HELPER, tmp_path) as work:
        ticket = work.customer("1", "电话 13812345678 的包裹呢")
        held = work.world.tickets[ticket]
        from agent_tui.domain.commands import Transfer

        given = Transfer(id=new_id(), ticket=ticket, version=held.version, assignee="me", reason="仓库")
        work.world.carry_out("you", (given,))
        work.start()
        assert work.desk.queue.ids(View.MINE) == [ticket]
        work.loop.run(work.desk.conversations.open(ticket))
        work.do(lambda: work.desk.drafts.keep(ticket, Draft(text="草稿在此")))
        work.backend.go_offline()
        work.do(lambda: work.desk.outbox.reply(ticket, text("马上查")))
        work.pass_time(5)
        work.loop.run(work.desk.stop())
        kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.name != "lock")
        assert "马上查".encode() in kept
        assert "草稿在此".encode() not in kept
        assert "包裹".encode() not in kept
        assert not (tmp_path / "rows.msgpack").exists()
        work.open()


def test_another_person_does_not_send_ones_words(tmp_path: Path) -> None:
    with at_work(folder=tmp_path) as work:
        work.start()
        ticket = work.customer("1", "在吗")
        work.pass_time(0.1)
        work.backend.go_offline()
        work.do(lambda: work.desk.outbox.reply(ticket, text("在的")))
        work.restart()
        work.backend._seat = "you"
        work.start()
        work.pass_time(10)
        (item,) = work.desk.outbox.items()
        assert (item.state, item.reason) == (SendState.UNSURE, "other-person")
        assert work.replies() == []


def test_a_disk_that_refuses_keeps_the_words_in_the_composer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent_tui.sync import document_file as lines
    from agent_tui.sync.errors import StoreError

    def full(*_: object) -> None:
        raise StoreError("cannot-write", reason="No space left on device")

    with at_work(folder=tmp_path) as work:
        work.start()
        ticket = work.customer("1", "在吗")
        work.pass_time(0.1)
        with monkeypatch.context() as patch:
            patch.setattr(lines, "write_whole", full)
            with pytest.raises(StoreError):
                work.do(lambda: work.desk.outbox.reply(ticket, text("在的")))
            assert work.desk.outbox.items() == ()
            work.do(lambda: work.desk.drafts.keep(ticket, Draft(text="在的")))
            work.pass_time(5)
            assert work.desk.disk.problem
            assert work.desk.drafts.get(ticket).text == "在的"
        work.pass_time(5)
        assert work.desk.disk.problem == ""
        note = AddNote(id=new_id(), ticket=ticket, parts=text("好"))
        work.do(lambda: work.desk.submit(note))
        assert work.desk.outbox.unsent() == 1
