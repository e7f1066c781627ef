"""A floor with helpers: a lead, a buddy, a channel, and customers whose tickets are routed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.patience import until
from tests.server.driver import NOWHERE, Channel, Person, Server, text, ulid

POLICY = """
[helpers]
first_replies = 1
buddy_seconds = 1
core_seconds = 1
"""
FITS = "我的快递到哪了"
PACK = "logistics"
ENTRY = "parcel-where-now"


class Floor:
    """Who is there; `close` ends what is left open, so that the next test starts with nobody waiting."""

    def __init__(self, server: Server, webhook: str = NOWHERE) -> None:
        self.server = server
        self.lead = server.person("lead")
        self.buddy = server.person("agent")
        self.channel: Channel = server.channel(webhook)
        self.helpers: list[Person] = []
        self.buddy.get("/v1/me")

    def invite(self, name: str = "", **more: Any) -> Person:
        """A helper who is there."""
        form = {"name": name or f"赵{ulid()[-6:]}", "pack": PACK, "buddy": self.buddy.id, **more}
        answer = self.lead.http.post("/v1/helpers", json=form)
        assert answer.status_code == 201, answer.text
        helper = self.server.known(answer.json())
        self.helpers.append(helper)
        helper.get("/v1/me")
        return helper

    def customer(self, words: str = FITS, **more: Any) -> str:
        """The ticket that a new customer opens."""
        return self.channel.say(ulid(), words, **more)["ticket"]

    def named(self, name: str, words: str = FITS, tier: str = "regular") -> str:
        """The ticket that a new customer of that name opens."""
        customer = ulid()
        body = self.channel.body(customer, words) | {"customer": {"id": customer, "name": name, "tier": tier}}
        return str(self.channel.post(body).json()["ticket"])

    def routed(self, helper: Person, words: str = FITS) -> str:
        """A ticket that the server has given to `helper`."""
        ticket = self.customer(words)
        until(lambda: self.has(helper, ticket), "the ticket to be routed")
        return ticket

    def has(self, person: Person, ticket: str) -> bool:
        """Whether it is `person` who has `ticket`."""
        assignee = self.lead.ticket(ticket)["assignee"]
        return bool(assignee) and assignee["id"] == person.id

    def close(self) -> None:
        for helper in self.helpers:
            self.lead.http.delete(f"/v1/helpers/{helper.id}")
        for ticket in self.lead.get("/v1/snapshot")["tickets"]:
            version = ticket["version"]
            self.lead.do("set-status", ticket=ticket["id"], status="closed", version=version)


@contextmanager
def floor_on(server: Server, webhook: str = NOWHERE) -> Iterator[Floor]:
    """A floor for one test."""
    floor = Floor(server, webhook)
    try:
        yield floor
    finally:
        floor.close()


def policy_file(folder: Path) -> str:
    """The rules of these tests as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "policy.toml"
    file.write_text(POLICY, "utf-8")
    return str(file)


def events(person: Person, ticket: str) -> list[str]:
    """The labels of a conversation's events."""
    messages = person.get(f"/v1/tickets/{ticket}/messages")["messages"]
    return [m["parts"][0]["label"] for m in messages if m["kind"] == "event"]


def from_pack(ticket: str, words: str = "您好,包裹正在路上") -> dict[str, Any]:
    """A reply that is an answer of the pack, word for word."""
    return {"ticket": ticket, "parts": text(words), "entries": [{"id": ENTRY, "kept": 1.0}]}
