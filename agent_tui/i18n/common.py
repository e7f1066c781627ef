"""Words that stand in many places."""

from agent_tui.i18n.section import Section


class CommonTexts(Section, frozen=True):
    """Words that stand in many places."""

    late: str
    until: str
    seconds_ago: str
    minutes_ago: str
    hours_ago: str
    vip: str
    member: str
    unsent: str
    nobody: str
    confirm: str
    back: str
    statuses: dict[str, str]
    categories: dict[str, str]
    channels: dict[str, str]
    priorities: dict[str, str]
    dangers: dict[str, str]
    moods: dict[str, str]
    tiers: dict[str, str]
    classes: dict[str, str]
    availabilities: dict[str, str]
    phases: dict[str, str]
    roles: dict[str, str]
    themes: dict[str, str]
    parts: dict[str, str]
    refusals: dict[str, str]
    errors: dict[str, str]
