"""The simulator: customers that arrive, ask, wait, thank, get angry and leave, over HTTP like any channel.

It exists so that the desk can be tried, measured and practised on without a real customer. It must never
read the shop's answers: whether a reply helps is decided by the facts an opening states, never by which
entry was sent, and the bank (`bank/*.toml`) is written without looking at snippets or articles.

Start reading at `openings` (what customers ask), `customer` (how one behaves; pure, no clock and no network)
and `engine` (a whole day against a server).
"""

from agent_tui.sim.settings import DaySettings
from agent_tui.sim.summary import Summary

__all__ = ["DaySettings", "Summary", "run"]


def run(settings: DaySettings) -> Summary:
    """Play a day against the server of `settings` until it is over or interrupted, and say how it went."""
    from agent_tui.sim.engine import run as play

    return play(settings)
