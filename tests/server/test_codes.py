"""One-time codes: a helper without a terminal comes in with one, once, until the shift's end."""

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from agent_tui.server.context import ServerContext
from agent_tui.server.http.app import ServerOptions, open_house
from agent_tui.server.lending.codes import GuessLimit, link_to, new_code, plain_code, redeem
from agent_tui.server.problems import HttpProblem
from agent_tui.server.store import tables as t
from tests.patience import WAIT, until
from tests.server.driver import ulid
from tests.server.floor import PACK, Floor

SHAPE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}")


def invited(floor: Floor, **more: Any) -> dict[str, Any]:
    form = {"name": f"钱{ulid()[-6:]}", "pack": PACK, "buddy": floor.buddy.id, **more}
    answer = floor.lead.http.post("/v1/helpers", json=form)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    floor.helpers.append(floor.server.known(made))
    return made


def exchange(floor: Floor, code: str, address: str = "") -> httpx.Response:
    """Without a bearer; `address` is whom the server takes the caller for."""
    headers = {"X-Forwarded-For": address} if address else {}
    url = f"{floor.server.url}/v1/invitations"
    return httpx.post(url, json={"code": code}, headers=headers, trust_env=False, timeout=WAIT)


def code_problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]


UNKNOWN = (404, "unknown-code")


def test_a_code_becomes_a_token_of_the_same_shift_once(floor: Floor) -> None:
    made = invited(floor, hours=2)
    assert SHAPE.fullmatch(made["code"])
    assert made["link"] == ""
    answer = exchange(floor, made["code"])
    assert answer.status_code == 201, answer.text
    taken = answer.json()
    assert (taken["id"], taken["name"]) == (made["id"], made["name"])
    assert taken["expires_at"] == made["expires_at"]
    assert taken["token"] != made["token"]
    me = floor.server.known(taken).get("/v1/me")
    assert (me["id"], me["role"]) == (made["id"], "helper")
    assert code_problem(exchange(floor, made["code"])) == UNKNOWN


def test_however_it_is_typed(floor: Floor) -> None:
    code = invited(floor)["code"]
    typed = f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')}\t"
    assert exchange(floor, typed).status_code == 201


def test_wrong_codes_are_all_alike(floor: Floor) -> None:
    for wrong in (new_code(), "x", "长", "-"):
        assert code_problem(exchange(floor, wrong, "10.9.9.1")) == UNKNOWN
    assert exchange(floor, "", "10.9.9.1").status_code == 400


def test_of_many_at_the_same_moment_one_comes_in(floor: Floor) -> None:
    code = invited(floor)["code"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: exchange(floor, code).status_code, range(8)))
    assert sorted(answers) == [201] + [404] * 7


def test_a_code_ends_with_its_shift(floor: Floor) -> None:
    made = invited(floor)
    assert floor.lead.http.delete(f"/v1/helpers/{made['id']}").status_code == 200
    assert code_problem(exchange(floor, made["code"])) == UNKNOWN
    short = invited(floor, hours=0.3 / 3600)
    assert code_problem(until(lambda: _expired(floor, short["code"]), "the code to run out")) == UNKNOWN


def _expired(floor: Floor, code: str) -> httpx.Response | None:
    """Asked once the helper's token no longer holds; both end at the same moment."""
    rows = {row["id"]: row for row in floor.lead.get("/v1/helpers")["helpers"]}
    held = any(row.get("expires_at") for row in rows.values() if row["id"] == floor.helpers[-1].id)
    return None if held else exchange(floor, code)


def test_the_token_of_a_code_ends_with_the_shift(floor: Floor) -> None:
    made = invited(floor)
    person = floor.server.known(exchange(floor, made["code"]).json())
    assert person.http.get("/v1/me").status_code == 200
    floor.lead.http.delete(f"/v1/helpers/{made['id']}")
    until(lambda: person.http.get("/v1/me").status_code == 401, "the token to end")


def test_guessing_is_slowed_down_for_who_guesses(floor: Floor) -> None:
    code = invited(floor)["code"]
    guess_until_an_hour_from_now(floor, "10.9.9.2")
    slowed = exchange(floor, code, "10.9.9.2")
    assert slowed.status_code == 429
    assert 3000 < int(slowed.headers["retry-after"]) <= 3601
    assert exchange(floor, code, "10.9.9.3").status_code == 201


def guess_until_an_hour_from_now(floor: Floor, address: str) -> None:
    """Spend an address's guesses on a clock that is ahead, so that no slow machine lets them come back."""

    async def spend() -> None:
        house = await house_on(floor.server.data, floor.server.database)
        guesses = GuessLimit(lambda: time.time() + 3600)
        assert [await guess(house, guesses, address) for _ in range(GuessLimit.BURST)] == [404] * 30
        await house.database.aclose()

    asyncio.run(spend())


async def house_on(data: Path, database: str | None) -> ServerContext:
    return await open_house(ServerOptions(data=data, database=database))


async def guess(house: ServerContext, guesses: GuessLimit, address: str) -> int:
    with pytest.raises(HttpProblem) as stopped:
        await redeem(house, new_code(), guesses, address)
    return stopped.value.problem.status


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.torture)])
def database(request: pytest.FixtureRequest) -> str | None:
    """An empty database of its own; None is the file in the data folder."""
    return None if request.param == "sqlite" else str(request.getfixturevalue("postgres")())


def test_wrong_codes_are_counted_by_all_processes_together(tmp_path: Path, database: str | None) -> None:
    moment = [1_000_000.0]

    async def play() -> None:
        houses = [await house_on(tmp_path, database) for _ in "ab"]
        processes = [(house, GuessLimit(lambda: moment[0])) for house in houses]
        answers = [await guess(*processes[i % 2], "a") for i in range(GuessLimit.BURST + 2)]
        assert answers == [404] * GuessLimit.BURST + [429, 429]
        assert [await guess(*process, "b") for process in processes] == [404, 404]
        moment[0] += 1
        assert [await guess(*process, "a") for process in processes] == [404, 429]
        for house in houses:
            await house.database.aclose()

    asyncio.run(play())


def test_guesses_at_the_same_moment_are_all_counted(tmp_path: Path, database: str | None) -> None:
    async def play() -> None:
        house = await house_on(tmp_path, database)
        guesses = GuessLimit(lambda: 1_000_000.0)
        answers = await asyncio.gather(*(guess(house, guesses, "a") for _ in range(GuessLimit.BURST + 10)))
        assert sorted(answers) == [404] * GuessLimit.BURST + [429] * 10
        await house.database.aclose()

    asyncio.run(play())


def test_right_codes_cost_nothing_and_idle_addresses_are_forgotten(
    tmp_path: Path, database: str | None
) -> None:
    moment = [1_000_000.0]
    guesses = GuessLimit(lambda: moment[0])

    async def play() -> None:
        house = await house_on(tmp_path, database)
        for _ in range(GuessLimit.BURST * 2):
            assert await house.database.write(lambda conn: guesses.admit(conn, "a")) == 0
        await guess(house, guesses, "b")
        moment[0] += 3600
        await guess(house, guesses, "c")
        async with house.database.reading() as conn:
            assert (await conn.scalars(select(t.guesses.c.address))).all() == ["c"]
        await house.database.aclose()

    asyncio.run(play())


def test_an_invitation_names_the_page(alone: Any) -> None:
    server = alone("--web", "https://help.example.com/")
    lead = server.person("lead")
    made = lead.http.post("/v1/helpers", json={"name": "赵", "pack": PACK}).json()
    assert made["link"] == f"https://help.example.com/#{made['code']}"


# -- rules


def test_codes_do_not_repeat_and_survive_a_hand() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(SHAPE.fullmatch(code) for code in codes)
    assert plain_code("7k3m–9qxd 2h-rt") == "7K3M9QXD2HRT"
    assert plain_code("oOiIlL") == "001111"
    assert plain_code("7K3M－9QXD") == "7K3M9QXD"


def test_without_a_page_there_is_no_link() -> None:
    assert link_to("", "A") == ""
    assert link_to("http://h:1/", "A") == "http://h:1/#A"


def test_a_revoked_token_is_refused_at_once_by_the_process_that_revoked_it(floor: Floor) -> None:
    made = invited(floor)
    helper = floor.server.known(made)
    assert helper.http.get("/v1/me").status_code == 200, "and is believed for a while"
    assert floor.lead.http.delete(f"/v1/helpers/{made['id']}").status_code == 200
    assert helper.http.get("/v1/me").status_code == 401
