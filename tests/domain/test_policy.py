"""The team's rules as a server tells them."""

from typing import Any

import msgspec
import pytest

from agent_tui.domain.policy import Helpers, Policy, told_policy


def test_what_a_server_tells_is_what_it_goes_by() -> None:
    policy = Policy(helpers=Helpers(first_replies=1, free_text=True))
    assert told_policy(msgspec.to_builtins(policy)) == policy


@pytest.mark.parametrize("told", [None, {"helpers": {"first_replies": "many"}}, {"of_a_later_version": 1}])
def test_words_that_are_not_known_are_no_rules(told: dict[str, Any] | None) -> None:
    assert told_policy(told) is None
