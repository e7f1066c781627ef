"""The world: orders that fit what customers ask, money that adds up, and the same day from the same seed."""

import struct
import zlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import msgspec
import pytest

from agent_tui.domain import models
from agent_tui.domain.order_facts import facts_of
from agent_tui.sim.cast import Case, make_cast
from agent_tui.sim.openings import CHANNELS, bank
from agent_tui.sim.picture import make_png
from agent_tui.sim.settings import DaySettings
from agent_tui.sim.waves import arrivals, waves
from agent_tui.sim.world import InventedOrder, invent_order

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)


def day(**changes: object) -> list[Case]:
    given = {"server": "http://127.0.0.1:1", "channels": (), "customers": 700, **changes}
    return make_cast(msgspec.convert(given, DaySettings), CHANNELS, NOW)


def order(state: str, seed: int = 1) -> InventedOrder:
    made = invent_order(Random(seed), "1", "c", state, NOW)  # type: ignore[arg-type]
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("state", "status", "parcel", "refund"),
    [
        ("unpaid", "unpaid", None, None),
        ("paid_twice", "paid", None, "processing"),
        ("unshipped", "paid", None, None),
        ("stuck", "shipped", "stuck", None),
        ("delivered", "delivered", "delivered", None),
        ("returned", "returned", "returned", "processing"),
        ("refunded", "refunded", "returned", "done"),
    ],
)
def test_an_order_fits_its_state(state: str, status: str, parcel: str | None, refund: str | None) -> None:
    made = order(state)
    assert made.status == status
    assert (made.parcels[0]["status"] if made.parcels else None) == parcel
    assert (made.refund["status"] if made.refund else None) == refund
    assert (made.paid_at is None) == (state == "unpaid")


@pytest.mark.parametrize("seed", range(30))
def test_money_adds_up_and_the_wire_takes_it(seed: int) -> None:
    made = order("refunded", seed)
    total = sum(Decimal(item["price"]) * item["count"] for item in made.items)
    assert Decimal(made.total) == total
    assert made.refund is not None
    assert Decimal(made.refund["amount"]) == total
    read = msgspec.convert(made.body(), models.Order, strict=False)
    assert read.paid_at is not None
    assert read.paid_at < NOW


@pytest.mark.parametrize("state", ["shipped", "stuck", "delivered", "returning", "returned", "refunded"])
def test_an_order_says_when_its_steps_happened(state: str) -> None:
    read = msgspec.convert(order(state).body(), models.Order, strict=False)
    parcel, refund = read.parcels[0], read.refund
    of_refund = [refund.requested_at, refund.approved_at, refund.paid_at] if refund else []
    for steps in ([read.paid_at, parcel.shipped_at, parcel.last_event_at], of_refund):
        times = [step for step in steps if step is not None]
        assert times == sorted(times)
        assert all(time < NOW for time in times)
    assert facts_of(read, NOW).scan_hours is not None or read.status != "shipped"
    assert (parcel.delivered_at is not None) == (state == "delivered")


def test_the_same_seed_is_the_same_day_and_another_is_not() -> None:
    assert day(seed=3) == day(seed=3)
    assert day(seed=3) != day(seed=4)


def test_all_openings_come_before_many_come_twice() -> None:
    cast = day(customers=len(bank()) * 3 // 2)
    # One customer in ten writes English, so not all of its openings come in such a day.
    chinese = [opening for opening in bank() if opening.language == "zh"]
    assert len({case.opening.id for case in cast if case.opening.language == "zh"}) > 0.9 * len(chinese)
    again = [case for case in cast if case.messages != case.opening.messages]
    assert again
    assert all(case.messages[-1] for case in again)


def test_one_customer_in_ten_writes_english_however_large_the_bank_is() -> None:
    people = day(customers=900)
    english = sum(case.opening.language == "en" for case in people)
    assert 0.06 < english / len(people) < 0.14


def test_every_channel_and_tier_is_there_and_live_is_for_live() -> None:
    cast = day()
    assert {case.channel for case in cast} == set(CHANNELS)
    assert {case.person.tier for case in cast} == {"regular", "member", "vip"}
    assert all("live" in case.opening.channels for case in cast if case.channel == "live")


def test_one_channel_is_enough() -> None:
    made = make_cast(DaySettings(server="x", channels=(), customers=50), ["shop-2"], NOW)
    assert {case.channel for case in made} == {"shop-2"}


def test_held_out_and_field_choose_who_comes() -> None:
    assert all(case.opening.held_out for case in day(held_out="only"))
    assert not any(case.opening.held_out for case in day(held_out="no"))
    assert {case.opening.field for case in day(field="live")} == {"live"}


def test_those_who_wait_are_there_at_the_start() -> None:
    assert [case.arrival for case in day(waiting=5, customers=20)].count(0.0) == 5


@pytest.mark.parametrize("peak", [3.0, 5.0, 8.0])
def test_the_payment_peak_is_the_height_of_the_day(peak: float) -> None:
    moments = arrivals(Random(1), 4000, 365, peak)
    assert [moment.at for moment in moments] == sorted(moment.at for moment in moments)
    assert moments[-1].at <= 365 * 60
    rates = {
        wave.name: sum(moment.wave == wave.name for moment in moments) / wave.minutes for wave in waves(peak)
    }
    assert rates["payment"] > 1.3 * rates["warm-up"]
    assert rates["opening"] > rates["shipping"]


def test_facts_of_the_parcel_come_in_the_days_around() -> None:
    made = order("shipped")
    eta = datetime.fromisoformat(made.parcels[0]["eta"])
    assert NOW - timedelta(days=1) < eta < NOW + timedelta(days=5)


def test_pictures_are_valid_and_different() -> None:
    png = make_png(7)
    assert png != make_png(8)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, kinds = 8, []
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        kinds.append(kind)
        at += 12 + length
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]


def test_a_day_joined_later_has_its_waiting_customers_and_no_gap() -> None:
    cast = day(customers=300, minutes=150.0, begin=50.0, waiting=18)
    moments = [case.arrival for case in cast]
    assert moments[:18] == [0.0] * 18
    assert moments == sorted(moments)
    assert 0 < moments[18] < 60
    assert len(cast) < 300


def test_without_a_later_begin_waiting_customers_leave_no_gap_either() -> None:
    moments = [case.arrival for case in day(customers=60, minutes=60.0, waiting=18)]
    assert len(moments) == 60
    assert 0 < moments[18] < 300


@pytest.mark.parametrize("seed", range(30))
def test_a_parcels_number_is_its_carriers(seed: int) -> None:
    begins = {"顺丰速运": "SF", "中通快递": "ZT", "圆通速递": "YT", "韵达快递": "YD", "申通快递": "ST",
              "京东快递": "JD", "极兔速递": "JT", "邮政快递包裹": "98"}  # fmt: skip
    (parcel,) = order("stuck", seed).parcels
    assert parcel["number"].startswith(begins[parcel["carrier"]])
