"""Priority, category and tags set by hand, in memory and over HTTP alike."""

from agent_tui.domain.commands import SetCategory, SetPriority, SetTags
from agent_tui.domain.models import Category, MessageKind, Priority, Role
from agent_tui.sync.ids import new_id
from tests.backends.contract import House, code_of, one


async def test_fields_set_by_hand_outlive_the_customers_next_words(any_house: House) -> None:
    agent, customer = await any_house.line(), f"c-{new_id()}"
    id = await any_house.receive(customer, "我的快递到哪了")
    version = (await agent.ticket(id)).version
    commands = (
        SetPriority(id=new_id(), ticket=id, version=version, priority=Priority.LOW),
        SetCategory(id=new_id(), ticket=id, version=version + 1, category=Category.REFUND),
        SetTags(id=new_id(), ticket=id, version=version + 2, tags=("双11", "易碎")),
    )
    assert [o.outcome for o in await agent.send(commands)] == ["applied"] * 3
    await any_house.receive(customer, "发票抬头开错了，马上给我改，我要投诉你们")
    ticket = await agent.ticket(id)
    assert (ticket.priority, ticket.category) == (Priority.LOW, Category.REFUND)
    assert (ticket.tags, ticket.by_hand) == (("双11", "易碎"), ("priority", "category"))
    page = await agent.messages(id, None, 50)
    told = [m.parts[0] for m in page.messages if m.kind is MessageKind.EVENT]
    assert [(p.label, p.values["to"]) for p in told] == [
        ("priority-set", "low"),
        ("category-set", "refund"),
        ("tags-set", "双11 · 易碎"),
    ]


async def test_a_helper_may_not_set_them(any_house: House) -> None:
    helper = await any_house.line(Role.HELPER)
    id = await any_house.receive(f"c-{new_id()}", "我的快递到哪了")
    outcome = await one(helper, SetPriority(id=new_id(), ticket=id, version=1, priority=Priority.LOW))
    assert code_of(outcome) == "not-allowed"


async def test_tags_without_words_are_refused(any_house: House) -> None:
    agent = await any_house.line()
    id = await any_house.receive(f"c-{new_id()}", "我的快递到哪了")
    version = (await agent.ticket(id)).version
    outcome = await one(agent, SetTags(id=new_id(), ticket=id, version=version, tags=(" ",)))
    assert code_of(outcome) == "empty-tag"


async def test_a_category_is_not_set_over_one_that_somebody_else_set_meanwhile(any_house: House) -> None:
    agent, other = await any_house.line(), await any_house.line()
    id = await any_house.receive(f"c-{new_id()}", "我的快递到哪了")
    version = (await agent.ticket(id)).version
    first = SetCategory(id=new_id(), ticket=id, version=version, category=Category.REFUND)
    second = SetCategory(id=new_id(), ticket=id, version=version, category=Category.PRICE)
    assert (await one(other, first)).outcome == "applied"
    assert (await one(agent, second)).outcome == "conflict"
    assert (await agent.ticket(id)).category is Category.REFUND
