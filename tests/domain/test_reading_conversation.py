"""A conversation is read in one go: kinds of messages, what is open, and danger, with reasons."""

from agent_tui.domain.models import Category
from agent_tui.domain.reading import Danger, Kind, Said, read_conversation


def talk(*lines: str) -> list[Said]:
    """A conversation, a message a line; the shop's begin with `>`."""
    return [Said(one[1:].strip(), "agent") if one.startswith(">") else Said(one) for one in lines]


def test_each_message_of_the_customer_has_its_kind_and_the_shops_have_none() -> None:
    found = read_conversation(talk("在吗", "> 在的亲", "发票怎么开", "谢谢"))
    kinds = [one.kind if one else None for one in found.messages]
    assert kinds == [Kind.GREETING, None, Kind.QUESTION, Kind.THANKS]


def test_what_is_open_says_where_it_stands() -> None:
    found = read_conversation(talk("在吗", "> 在的亲", "发票怎么开"))
    (question,) = found.questions
    assert (question.text, question.at, question.category) == ("发票怎么开", 2, Category.INVOICE)


def test_a_danger_says_by_which_words_it_was_heard() -> None:
    (danger,) = read_conversation(talk("充电的时候起火了")).dangers
    assert (danger.danger, danger.at) == (Danger.SAFETY, 0)
    assert "起火" in danger.words
