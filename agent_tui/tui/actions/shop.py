"""What templates say of the shop, as a lead changes it for everybody."""

from agent_tui.desk import BackendError, Unavailable
from agent_tui.domain.team_content import SHOP_FILE, TeamContent, with_file
from agent_tui.domain.text import clean
from agent_tui.i18n import texts
from agent_tui.knowledge.content.shop import named, shop_in, written
from agent_tui.tui.actions.leading import leads
from agent_tui.tui.keymap.action import ANYWHERE, Action
from agent_tui.tui.wording import failure
from agent_tui.tui.workstation.context import Context


async def edit_shop(at: Context) -> None:
    """Ask which value and what it shall be, until the changes are published or left; what somebody else
    publishes meanwhile keeps its other values."""
    from agent_tui.tui.dialogs.shop import OTHER, PUBLISH, ShopDialog

    if not leads(at):
        return
    changed: dict[str, str] = {}
    chosen = ""
    while True:
        base = at.desk.team_content.content
        published = named(shop_in(base.files))
        asked = await at.ask(ShopDialog({**published, **changed}, published, chosen))
        if asked is None:
            return
        if asked != PUBLISH:
            chosen = await _change(at, asked if asked != OTHER else "", {**published, **changed}, changed)
        elif await _publish(at, base, {**published, **changed}):
            return


async def _change(at: Context, name: str, values: dict[str, str], changed: dict[str, str]) -> str:
    """Ask for one value, which is kept in `changed`; answers its name."""
    from agent_tui.tui.dialogs.shop import ShopNameDialog, ShopValueDialog

    name = name or await at.ask(ShopNameDialog()) or ""
    value = await at.ask(ShopValueDialog(name, values.get(name, ""))) if name else None
    if value is not None:
        changed[name] = clean(value)
    return name


async def _publish(at: Context, base: TeamContent, values: dict[str, str]) -> bool:
    """Whether it was published; says why not, and nothing that was typed is lost."""
    words = texts().shop
    files = with_file(base.files, SHOP_FILE, written(values))
    try:
        made = await at.desk.team_content.publish(base.version, files, words.note)
    except Unavailable:
        at.say(words.offline, trouble=True)
        return False
    except BackendError as error:
        at.say(failure(error), trouble=True)
        return False
    at.say(words.published.format(version=made.version))
    return True


ROWS = (Action(id="edit-shop", places=ANYWHERE, group="desk", run=edit_shop, leads=True),)
