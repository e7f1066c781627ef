"""What templates say of the shop: a list of the team's values, a line for one of them."""

from collections.abc import Mapping

from agent_tui.domain.names import NAMES, is_known
from agent_tui.domain.text import clean
from agent_tui.i18n import language, texts
from agent_tui.knowledge.content.shop import MOST_VALUE
from agent_tui.knowledge.templates.blanks import label
from agent_tui.tui.cells import cut
from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog, LineDialog

PUBLISH, OTHER = "=publish", "=other"
_SHOP = tuple(f"shop.{field}" for field in NAMES["shop"])
_NOUNS = ("shop", "contact", "policy")
_DETAIL = 40


class ShopDialog(ChoiceDialog):
    """Answers the name of a value to change, PUBLISH or OTHER."""

    def __init__(self, values: Mapping[str, str], published: Mapping[str, str], chosen: str = "") -> None:
        words, pairs = (
            texts().shop,
            {name: (values.get(name, ""), published.get(name, "")) for name in shown(values)},
        )
        changed = sum(value != former for value, former in pairs.values())
        last = (
            Choice(value=OTHER, label=words.other),
            Choice(
                value=PUBLISH, label=words.publish, detail=words.changes.format(n=changed), off=not changed
            ),
        )
        super().__init__(
            words.title, [*(_choice(name, *pair) for name, pair in pairs.items()), *last], chosen=chosen
        )


def shown(values: Mapping[str, str]) -> tuple[str, ...]:
    """The names that are listed: the shop's own always, others where they are set or just changed."""
    return tuple(dict.fromkeys([*_SHOP, *sorted(values)]))


def _choice(name: str, value: str, published: str) -> Choice:
    words = texts().shop
    said = cut(value, _DETAIL) if value else words.blank
    return Choice(
        value=name, label=label(name, language()), detail=said if value == published else f"* {said}"
    )


class ShopValueDialog(LineDialog):
    """One value in the customer's words; empty leaves it a blank."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(f"{label(name, language())}  {name}", texts().shop.blank)
        self.input.value = value

    def wrong(self, value: str) -> str:
        """It has to fit into a sentence."""
        return texts().shop.too_long.format(most=MOST_VALUE) if len(clean(value)) > MOST_VALUE else ""


class ShopNameDialog(LineDialog):
    """The name of a value that is not in the list: a contact's, or one of the shop's rules."""

    def __init__(self) -> None:
        words = texts().shop
        super().__init__(words.name_title, words.name_hint)

    def wrong(self, value: str) -> str:
        """It has to be a name that templates may use of the shop."""
        return "" if value.split(".")[0] in _NOUNS and is_known(value) else texts().shop.name_bad
