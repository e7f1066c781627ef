"""A day against a server: every customer is a task that speaks when due and hears when a webhook comes."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from agent_tui.sim.cast import Case, make_cast
from agent_tui.sim.clock import Clock, FastClock
from agent_tui.sim.customer import CustomerPace, Says, SimulatedCustomer
from agent_tui.sim.hooks import Hooks, listening
from agent_tui.sim.link import ChannelLink, RetryingLine
from agent_tui.sim.picture import make_png
from agent_tui.sim.settings import DaySettings, SimError
from agent_tui.sim.summary import Summary, summarise

Notice = Callable[..., None]


def _silent(code: str, **values: object) -> None:
    """Take no notice."""


def run(settings: DaySettings, notice: Notice = _silent) -> Summary:
    """Play the day until its end or Ctrl+C; `notice(code, **values)` hears what happens, see `texts.toml`.

    Raises `SimError` when the day cannot begin.
    """
    return asyncio.run(_play_until_stopped(settings, notice))


async def _play_until_stopped(settings: DaySettings, notice: Notice) -> Summary:
    async with _opened(settings, notice) as day:
        try:
            await day.live()
        except asyncio.CancelledError:
            notice("stopped")
        return day.summary()


async def play(settings: DaySettings, notice: Notice = _silent, clock: Clock | None = None) -> Summary:
    """The day as a coroutine, for whoever runs a loop already; cancelled, it ends like any other."""
    async with _opened(settings, notice) as day:
        await day.live(clock)
        return day.summary()


@asynccontextmanager
async def _opened(settings: DaySettings, notice: Notice) -> AsyncIterator["Day"]:
    """A day with its cast, its way to the server and its ear for webhooks, not yet begun."""
    _check(settings)
    cast = make_cast(settings, [channel.name for channel in settings.channels], datetime.now(UTC))
    if not cast:
        raise SimError("no-openings")
    limits = httpx.Limits(max_connections=settings.inflight)
    async with httpx.AsyncClient(
        base_url=settings.server, timeout=15.0, limits=limits, trust_env=False
    ) as client:
        line = RetryingLine(client, settings.inflight, settings.backoff, notice)
        links = {key.name: ChannelLink(key, line) for key in settings.channels}
        day = Day(settings, cast, links, notice)
        async with listening(Hooks(settings.channels, day.hear, day.distrust), settings.listen) as address:
            listen = f"{address[0]}:{address[1]}"
            notice("ready", customers=len(cast), channels=len(links), seed=settings.seed, listen=listen)
            yield day


def _check(settings: DaySettings) -> None:
    if not settings.channels:
        raise SimError("no-channels")
    try:
        url = httpx.URL(settings.server)
    except httpx.InvalidURL as error:
        raise SimError("bad-server", server=settings.server) from error
    if url.scheme not in ("http", "https") or not url.host:
        raise SimError("bad-server", server=settings.server)


class Visit:
    """A customer on a channel: what they are about to say, and the bell that wakes their task."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.customer: SimulatedCustomer | None = None
        self.pending: list[Says] = []
        self.bell = asyncio.Event()
        self.said = 0


class Day:
    """Everyone who comes, and the way replies reach them."""

    def __init__(
        self, settings: DaySettings, cast: Sequence[Case], links: dict[str, ChannelLink], notice: Notice
    ) -> None:
        self._settings = settings
        self._links = links
        self._notice = notice
        self._run = settings.run or secrets.token_hex(4)
        self._visits = {(case.channel, case.person.id): Visit(case) for case in cast}
        self._clock: Clock = FastClock(settings.fast)
        self._end = max(case.arrival for case in cast) + settings.linger * 60
        self._refused = 0
        self._told: set[str] = set()

    async def live(self, clock: Clock | None = None) -> None:
        """Tell the server who they are, then let them come, until all are done or the day is over."""
        await self._introduce()
        self._clock = clock or FastClock(self._settings.fast)
        async with asyncio.TaskGroup() as group:
            for visit in self._visits.values():
                group.create_task(self._visit(visit))

    def summary(self) -> Summary:
        """How those who came have fared so far."""
        came = [visit.customer for visit in self._visits.values() if visit.customer is not None]
        return summarise(came, self._settings.seed, self._clock.now(), self._refused)

    async def _introduce(self) -> None:
        """PUT every customer and order before the first word, so that tickets open with them."""
        for name, link in self._links.items():
            cases = [visit.case for visit in self._visits.values() if visit.case.channel == name]
            await link.put_customers([_person(case) for case in cases])
            orders = [order for case in cases for order in (*case.past, case.order) if order is not None]
            await link.put_orders([order.body() for order in orders])

    async def _visit(self, visit: Visit) -> None:
        """One customer from the first word to the last."""
        await self._clock.wait(asyncio.Event(), visit.case.arrival - self._clock.now())
        pace = CustomerPace(patience=self._settings.patience)
        customer = visit.customer = SimulatedCustomer(visit.case, self._clock.now(), pace)
        while visit.pending or (not customer.is_done and self._clock.now() < self._end):
            visit.bell.clear()
            visit.pending += customer.tick(self._clock.now())
            while visit.pending:
                await self._say(visit, visit.pending.pop(0))
            if customer.next_at is not None:
                await self._clock.wait(visit.bell, min(customer.next_at, self._end) - self._clock.now())

    async def _say(self, visit: Visit, says: Says) -> None:
        visit.said += 1
        link = self._links[visit.case.channel]
        try:
            await link.send(self._body(visit, await self._parts(visit, link, says)))
        except SimError as error:
            self._refused += 1
            self._once(error.code, **error.values)

    async def _parts(self, visit: Visit, link: ChannelLink, says: Says) -> list[dict[str, Any]]:
        parts: list[dict[str, Any]] = [{"type": "text", "text": says.text}] if says.text else []
        if says.picture:
            name = "broken.png" if visit.case.opening.language == "en" else "破损.png"
            stored = await link.upload(name, make_png(visit.case.index * 100 + visit.said))
            parts.append({"type": "image", "file": stored})
        return parts

    def _body(self, visit: Visit, parts: list[dict[str, Any]]) -> dict[str, Any]:
        case = visit.case
        person = {"id": case.person.id, "name": case.person.name, "tier": case.person.tier}
        body: dict[str, Any] = {
            "id": f"{self._run}-{case.index:05d}-{visit.said:03d}",
            "customer": person,
            "parts": parts,
            "sent_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }
        if case.order is not None:
            body["order"] = case.order.number
        return body

    def hear(self, channel: str, customer_id: str, text: str) -> None:
        """A reply arrived; one for somebody of another day is nobody's."""
        visit = self._visits.get((channel, customer_id))
        if visit is not None and visit.customer is not None:
            visit.pending += visit.customer.receive(text, self._clock.now())
            visit.bell.set()

    def distrust(self, channel: str) -> None:
        """A webhook with a wrong signature came."""
        self._once("bad-hook", channel=channel)

    def _once(self, code: str, **values: object) -> None:
        """Say a thing about a channel once, not for every message."""
        key = f"{code}:{values.get('channel')}:{values.get('status')}"
        if key not in self._told:
            self._told.add(key)
            self._notice(code, **values)


def _person(case: Case) -> dict[str, Any]:
    person = case.person
    return {
        "id": person.id,
        "name": person.name,
        "tier": person.tier,
        "phone": person.phone,
        "address": person.address,
    }
