"""Putting a library together for a person: which sources, what it remembers, who speaks."""

from contextlib import suppress
from pathlib import Path

from agent_tui.desk import Desk
from agent_tui.domain.models import Role
from agent_tui.domain.team_content import TeamContent
from agent_tui.knowledge.content.own import OwnFolder
from agent_tui.knowledge.content.published import PublishedSource
from agent_tui.knowledge.content.shared import LiveEntries
from agent_tui.knowledge.content.shop import with_team
from agent_tui.knowledge.content.sources import OWN, TEAM, CombinedSources, Source, built_in, folder
from agent_tui.knowledge.library import Library
from agent_tui.knowledge.packs.questions import packs_among, packs_of
from agent_tui.knowledge.recommend.advisor import Advisor
from agent_tui.knowledge.recommend.usage_log import UsageFile
from agent_tui.knowledge.templates.values import Speaker
from agent_tui.settings import Profile, Settings

_RULES = ("outgoing.toml", "kb/outgoing.toml")


def library_for(desk: Desk, settings: Settings, profile: Profile) -> Library:
    """The library of the person at `desk`: built-in content, what the team has published, the team's folders
    on this machine, then their own.

    Usages are kept in their profile, but never while the desk belongs to a helper.
    """
    own = OwnFolder(profile.data_dir / "knowledge")
    with suppress(OSError):  # a folder that cannot be made is a problem of its reading, told there
        own.path.mkdir(parents=True, exist_ok=True)
    sources = sources_of(settings, own)
    return Library(
        CombinedSources(
            sources,
            LiveEntries(lambda: desk.shared_knowledge.entries),
            PublishedSource(lambda: content_of(desk)),
        ),
        uses=desk.uses.count,
        own=own,
        advisor=Advisor(
            clock=desk.clock,
            usages=UsageFile(profile.data_dir / "usages.jsonl"),
            may_keep=lambda: desk.team.me.role is not Role.HELPER,
            model=profile.cache_dir / "recommend.model",
            index=profile.cache_dir / "advice.index",
            weights=lambda: desk.shared_knowledge.model,
        ),
        rules=rules_of(settings),
        speaker=lambda: speaker_of(desk, settings),
        packs=lambda: (*packs_of(sources), *packs_among(content_of(desk).files)),
    )


def sources_of(settings: Settings, own: OwnFolder) -> tuple[Source, ...]:
    """Built-in content, the team's folders in their order, the person's own; later ones override."""
    team = (folder(Path(path).expanduser(), TEAM) for path in settings.content)
    return (built_in(), *team, folder(own.path, OWN))


def rules_of(settings: Settings) -> tuple[Path, ...]:
    """Where outgoing rules may lie; a team's own file takes the place of the built-in one."""
    ours = [path / "outgoing.toml" for path in built_in().paths]
    team = [Path(path).expanduser() / name for path in settings.content for name in _RULES]
    return (*ours, *team)


def speaker_of(desk: Desk, settings: Settings) -> Speaker:
    """Who speaks to the customer, and what they say of the shop: the team's values, their own over them."""
    told = with_team(settings, content_of(desk).files)
    return Speaker(agent=desk.team.me.name, shop=told.shop, contacts=told.contact, policy=told.policy)


def content_of(desk: Desk) -> TeamContent:
    """What the team has published, as far as this desk knows."""
    return desk.team_content.content
