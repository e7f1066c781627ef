"""A pack as the rules see it: which words are its own, which tickets it is for, what calls a card."""

from agent_tui.domain.lending import PackRules
from agent_tui.knowledge.packs.format import Pack
from agent_tui.knowledge.packs.triggers import card_for


def rules_of(pack: Pack) -> PackRules:
    """What `domain` and a helpdesk in memory know of `pack`."""
    cards = {card.id: card.say for card in pack.emergency}

    def calls(said: str) -> tuple[str, str] | None:
        card = card_for(pack, said)
        return None if card is None else (card.id, card.title)

    return PackRules(
        id=pack.id,
        title=pack.title,
        entries=frozenset(answer.entry for answer in pack.answers) | cards.keys(),
        cards=cards,
        answers=frozenset(category.value for category in pack.categories),
        procedures=frozenset(one.value for procedure in pack.procedures for one in procedure.categories),
        language=pack.language,
        calls=calls,
    )
