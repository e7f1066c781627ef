"""Canned replies of other helpdesks become snippets that our linter and search accept."""

import json

import pytest

from agent_tui.knowledge.content.entries import Snippet
from agent_tui.knowledge.content.importers import ImportFailed, import_replies, translated


def imported(kind: str, data: object) -> list[Snippet]:
    """The snippets from JSON data."""
    return import_replies(kind, json.dumps(data).encode(), "x")[0]


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"payload": rows}])
def test_chatwoot(wrap: object) -> None:
    rows = [{"short_code": "hi", "content": "Hello {{contact.name}}, {{agent.name}} here"}]
    assert callable(wrap)
    (made,) = imported("chatwoot", wrap(rows))
    assert made.body == "Hello {{ customer.name }}, {{ agent.name }} here\n"
    assert (made.id, made.shortcut, made.language) == ("hi", "hi", "en")
    assert made.needs == ("customer.name", "agent.name")


def test_zendesk() -> None:
    actions = [
        {"field": "status", "value": "solved"},
        {"field": "comment_value", "value": ["channel:all", "您好 {{ticket.requester.first_name}}"]},
    ]
    (made,) = imported("zendesk", {"macros": [{"title": "退款::已到账", "actions": actions}]})
    assert (made.title, made.tags, made.body) == ("已到账", ("退款",), "您好 {{ customer.name }}\n")


def test_csv() -> None:
    data = (
        "\ufefftitle,body,shortcut,category,tags\n到账,已到账,dz,refund,退款;到账\n到账,第二条,,,\n".encode()
    )
    snippets, problems = import_replies("csv", data, "x.csv")
    assert problems == []
    first, second = snippets
    assert (first.id, first.category, first.tags) == ("dz", "refund", ("退款", "到账"))
    assert second.title == "到账"
    assert first.id != second.id


def test_names_we_lack_become_blanks_and_are_told() -> None:
    text, unknown = translated("单号 {{ticket.custom_field_1}}，{{ order.number | upcase }}")
    assert text == "单号 ${1:custom field 1}，{{ order.number }}\n"
    assert unknown == ["ticket.custom_field_1"]


def test_a_reply_without_text_is_left_out_and_told() -> None:
    macro = {"title": "只改状态", "actions": [{"field": "status", "value": "solved"}]}
    data = json.dumps({"macros": [macro]}).encode()
    snippets, problems = import_replies("zendesk", data, "x")
    assert snippets == []
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("kind", "data"), [("chatwoot", b"{"), ("zendesk", b"{}"), ("csv", b"a,b\n1,2\n"), ("chatwoot", b"\xff")]
)
def test_what_is_no_export_is_refused(kind: str, data: bytes) -> None:
    with pytest.raises(ImportFailed):
        import_replies(kind, data, "x")
