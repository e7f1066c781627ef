"""What templates say of the shop: the team's `shop.toml`, and what a person has set for themselves."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import asdict, replace

from agent_tui import i18n
from agent_tui.domain.names import is_known
from agent_tui.domain.team_content import SHOP_FILE, ContentFile, text_at
from agent_tui.errors import BadSettings
from agent_tui.knowledge.content.entries import ContentProblem
from agent_tui.knowledge.content.problems import problem
from agent_tui.settings import Contact, Settings, Shop
from agent_tui.toml_file import read_toml

Told = TypeVar("Told", Shop, Contact)

MOST_VALUE = 300
_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


class ShopValues(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of `shop.toml`: `[shop]`, `[contact.ROLE]` and `[policy]`, whose words are free."""

    shop: Shop = Shop()
    contact: dict[str, Contact] = {}
    policy: dict[str, str] = {}


def read_shop(text: str, file: str = SHOP_FILE) -> ShopValues:
    """The values in the text of a `shop.toml`. Raises BadSettings that names the place in `file`."""
    values = read_toml(text.encode(), ShopValues, file)
    for name, value in named(values).items():
        if not is_known(name):
            raise BadSettings("toml-unknown-key", file=file, key=name)
        if len(value) > MOST_VALUE or "\n" in value:
            raise BadSettings("toml-value", file=file, key=name, detail=f"<= {MOST_VALUE}")
    return values


def shop_problems(folders: Iterable[Path]) -> Iterator[ContentProblem]:
    """What is wrong with the `shop.toml` of each folder, where there is one. Blocks."""
    for file in (folder / SHOP_FILE for folder in folders):
        if not file.is_file():
            continue
        from agent_tui.knowledge.content.parsing import read_text  # with YAML, which no first frame waits for

        text, problems = read_text(file, str(file))
        yield from problems
        try:
            read_shop(text or "", str(file))
        except BadSettings as error:
            line = int(error.values.get("line") or error.values.get("at_line") or 0)
            key = error.values.get("key", "")
            yield problem("bad-shop", str(file), line, key, detail=i18n.words_of(error))


def shop_in(files: Sequence[ContentFile]) -> ShopValues:
    """The team's values; none where there is no file, or one this version cannot read."""
    return _read_once(text_at(files, SHOP_FILE) or "")


@lru_cache(maxsize=4)
def _read_once(text: str) -> ShopValues:
    """Asked for with every template that is filled."""
    try:
        return read_shop(text)
    except BadSettings:
        return ShopValues()


def named(values: ShopValues) -> dict[str, str]:
    """The values by the names that templates use, those that are set."""
    found = {f"shop.{name}": value for name, value in asdict(values.shop).items()}
    for role, contact in values.contact.items():
        found |= {f"contact.{role}.{name}": value for name, value in asdict(contact).items()}
    found |= {f"policy.{name}": value for name, value in values.policy.items()}
    return {name: value for name, value in found.items() if value.strip()}


def own_values(settings: Settings) -> ShopValues:
    """What a person has set in their own `config.toml`."""
    return ShopValues(shop=settings.shop, contact=settings.contact, policy=settings.policy)


def overlaid(team: ShopValues, own: ShopValues) -> ShopValues:
    """The team's values with a person's own over them: what somebody has set for themselves wins."""
    contact = {role: _over(team.contact.get(role, Contact()), one) for role, one in own.contact.items()}
    return ShopValues(
        shop=_over(team.shop, own.shop),
        contact=team.contact | contact,
        policy=team.policy | {name: value for name, value in own.policy.items() if value.strip()},
    )


def _over(team: Told, own: Told) -> Told:
    return replace(team, **{name: value for name, value in asdict(own).items() if value.strip()})


def with_team(settings: Settings, files: Sequence[ContentFile]) -> Settings:
    """A person's settings with the team's values where they have set none."""
    told = overlaid(shop_in(files), own_values(settings))
    return replace(settings, shop=told.shop, contact=told.contact, policy=told.policy)


def written(values: Mapping[str, str]) -> str:
    """`values` by the names that templates use, as the text of a `shop.toml`; blank ones are left out."""
    tables: dict[str, list[str]] = {}
    for name, value in values.items():
        if value.strip():
            table, _, key = name.rpartition(".")
            row = f"{_key(key)} = {json.dumps(value.strip(), ensure_ascii=False)}"
            tables.setdefault(table, []).append(row)
    return "\n\n".join("\n".join([f"[{table}]", *rows]) for table, rows in sorted(tables.items())) + "\n"


def _key(name: str) -> str:
    return name if _BARE.match(name) else json.dumps(name, ensure_ascii=False)
