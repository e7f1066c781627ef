"""A team's content on every helpdesk: who publishes, who hears of it, what conflicts, what comes back."""

import asyncio

import pytest

from agent_tui.backends.base import Backend, Rejected, Unavailable
from agent_tui.backends.optional import ContentStore, required
from agent_tui.desk import Desk
from agent_tui.domain.events import ContentPublished
from agent_tui.domain.models import Role
from agent_tui.domain.team_content import ContentFile, ContentIn, RollbackIn, TeamContent, tag_of
from agent_tui.sync.ids import new_id
from tests.backends.contract import Ear, House, cursor_of
from tests.backends.houses import MemoryHouse
from tests.patience import WAIT


def store_of(line: Backend) -> ContentStore:
    return required(line.capabilities.content)


def snippets(body: str = "您好，最晚今晚到。", path: str = "snippets/team.yaml") -> tuple[ContentFile, ...]:
    id = f"t-{new_id().lower()}"
    text = f"- id: {id}\n  title: 团队自己的一条\n  body: {body}\n"
    return (ContentFile(path=path, text=text),)


async def now_in(store: ContentStore) -> TeamContent:
    found = await store.current("")
    assert found is not None
    return found


async def refused(store: ContentStore, base: int, files: tuple[ContentFile, ...]) -> Rejected:
    with pytest.raises(Rejected) as caught:
        await store.publish(ContentIn(base=base, files=files))
    return caught.value


async def test_what_a_lead_publishes_everybody_hears_of_and_reads(any_house: House) -> None:
    lead, agent, helper = [await any_house.line(role) for role in (Role.LEAD, Role.AGENT, Role.HELPER)]
    cursor, before = await cursor_of(helper), await now_in(store_of(agent))
    files = snippets()
    made = await store_of(lead).publish(ContentIn(base=before.version, files=files, note="双11"))
    assert (made.version, made.note, made.count) == (before.version + 1, "双11", 1)
    assert made.by is not None
    assert made.by.id == (await lead.me()).id
    ear = Ear(helper, cursor)
    assert await ear.until(ContentPublished) == ContentPublished(version=made.version)
    await ear.stop()
    for line in (agent, helper):
        found = await now_in(store_of(line))
        assert (found.files, found.version) == (files, made.version)
        assert await store_of(line).current(tag_of(found)) is None, "who has it is told nothing"


async def test_the_same_again_is_no_new_version(any_house: House) -> None:
    store = store_of(await any_house.line(Role.LEAD))
    base, files = (await now_in(store)).version, snippets()
    first = await store.publish(ContentIn(base=base, files=files))
    assert await store.publish(ContentIn(base=base, files=files, note="again")) == first
    assert (await store.versions())[0] == first


async def test_a_version_that_came_in_between_is_a_conflict(any_house: House) -> None:
    one, other = [store_of(await any_house.line(Role.LEAD)) for _ in range(2)]
    base = (await now_in(one)).version
    mine, theirs = snippets("甲"), snippets("乙")
    await one.publish(ContentIn(base=base, files=mine))
    error = await refused(other, base, theirs)
    assert (error.code, str(base + 1) in error.values["detail"]) == ("content-changed", True)
    assert (await now_in(one)).files == mine
    assert (await other.publish(ContentIn(base=base + 1, files=theirs))).version == base + 2


@pytest.mark.parametrize("role", [Role.AGENT, Role.HELPER])
async def test_only_leads_publish_and_take_back(any_house: House, role: Role) -> None:
    store = store_of(await any_house.line(role))
    base = (await now_in(store)).version
    assert (await refused(store, base, snippets())).values["status"] == "403"
    with pytest.raises(Rejected) as caught:
        await store.roll_back(RollbackIn(base=base, to=0))
    assert caught.value.values["status"] == "403"
    assert (await now_in(store)).version == base


async def test_taking_back_is_a_version_too(any_house: House) -> None:
    store = store_of(await any_house.line(Role.LEAD))
    base = (await now_in(store)).version
    good, bad = snippets("好"), snippets("坏")
    first = await store.publish(ContentIn(base=base, files=good))
    second = await store.publish(ContentIn(base=first.version, files=bad))
    back = await store.roll_back(RollbackIn(base=second.version, to=first.version, note="写错了"))
    assert (back.version, back.restored, back.digest) == (second.version + 1, first.version, first.digest)
    assert (await now_in(store)).files == good
    assert (await store.version(second.version)).files == bad
    assert [one.version for one in await store.versions()][:3] == [base + 3, base + 2, base + 1]


async def test_a_version_that_never_was_is_not_there(any_house: House) -> None:
    store = store_of(await any_house.line(Role.LEAD))
    base = (await now_in(store)).version
    for ask in (store.version(base + 9), store.roll_back(RollbackIn(base=base, to=base + 9))):
        with pytest.raises(Rejected) as caught:
            await ask
        assert caught.value.code == "unknown-version"


@pytest.mark.parametrize(
    "path",
    ["../outside.yaml", "/etc/passwd.yaml", "snippets/../../x.yaml", ".hidden.yaml", "a\\b.yaml", "C:/x.yaml",
     "run.sh", "", "snippets//x.yaml", "x" * 90 + ".yaml", "a/b/c/d/e/f/g.md"],
)  # fmt: skip
async def test_a_hostile_path_is_refused_with_its_name(any_house: House, path: str) -> None:
    store = store_of(await any_house.line(Role.LEAD))
    base = (await now_in(store)).version
    assert (await refused(store, base, snippets(path=path))).code == "bad-content"
    assert (await now_in(store)).version == base


async def test_control_characters_in_a_text_reach_nobody(any_house: House) -> None:
    store = store_of(await any_house.line(Role.LEAD))
    base = (await now_in(store)).version
    await store.publish(ContentIn(base=base, files=snippets("好\u202e的", path="snippets/a\u202eb.yaml")))
    (file,) = (await now_in(store)).files
    assert (file.path, "\u202e" in file.text) == ("snippets/ab.yaml", False)


async def test_a_lost_answer_costs_no_second_version() -> None:
    house = MemoryHouse()
    line = await house.line(Role.LEAD)
    files = snippets()
    line.lose_answers()
    with pytest.raises(Unavailable):
        await store_of(line).publish(ContentIn(base=0, files=files))
    again = await store_of(line).publish(ContentIn(base=0, files=files))
    assert (again.version, len(await store_of(line).versions())) == (1, 1)
    line.go_offline()
    with pytest.raises(Unavailable):
        await store_of(line).publish(ContentIn(base=1, files=snippets()))


async def test_every_running_desk_takes_a_version_and_the_one_it_is_taken_back_to(any_house: House) -> None:
    lead = store_of(await any_house.line(Role.LEAD))
    desks = [Desk(await any_house.line(role)) for role in (Role.AGENT, Role.HELPER)]
    for desk in desks:
        await desk.start()
    try:
        base, files = await now_in(lead), snippets()
        made = await lead.publish(ContentIn(base=base.version, files=files))
        for desk in desks:
            await taken(desk, made.version)
            assert desk.team_content.content.files == files
        back = await lead.roll_back(RollbackIn(base=made.version, to=base.version))
        for desk in desks:
            await taken(desk, back.version)
            assert desk.team_content.content.files == base.files
    finally:
        for desk in desks:
            await desk.stop()


async def taken(desk: Desk, version: int) -> None:
    """Wait until the desk has `version`."""
    there = asyncio.Event()
    stop = desk.changes.subscribe(
        lambda _: there.set() if desk.team_content.content.version == version else None
    )
    if desk.team_content.content.version != version:
        async with asyncio.timeout(WAIT):
            await there.wait()
    stop()
