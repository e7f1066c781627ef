"""Usages: what is stripped before they are kept, and what a damaged or long file does."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_tui.knowledge.recommend.usage_log import (
    Said,
    Usage,
    UsageFile,
    given_usage,
    strip_personal,
    usage_of,
)

SAID = (Said("退款到哪了"), Said("您好，正在查", "agent"))


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("电话13812345678", "电话[电话]"),
        ("打 138-1234-5678 找我", "打 [电话] 找我"),
        ("座机 0571-88886666", "座机 [电话]"),
        ("订单884212345678900017什么时候发", "订单[单号]什么时候发"),
        ("单号 SF1234567890123", "单号 [单号]"),
        ("我叫王小明，查一下", "我叫[姓名]，查一下"),
        ("王女士您好", "某女士您好"),
        ("寄到浙江省杭州市西湖区文三路18号3单元502室", "寄到[地址]"),
        ("邮箱 a.b@example.com", "邮箱 [邮箱]"),
        ("看 https://x.example.com/a?b=1 这里", "看 [链接] 这里"),
        ("身份证 33010219900101123X", "身份证 [证件号]"),
        ("我是学生，买了3件199元", "我是学生，买了3件199元"),
        ("退款24小时内到账", "退款24小时内到账"),
    ],
)
def test_personal_data_is_masked_in_a_usage(text: str, stripped: str) -> None:
    assert strip_personal(text) == stripped


def test_what_the_ticket_knows_of_the_customer_is_masked() -> None:
    assert strip_personal("敏敏说 A-1 还没到", ("敏敏", "A-1")) == "[客户信息]说 [客户信息] 还没到"


def test_keeps_only_the_last_messages_without_personal_data() -> None:
    usage = usage_of("a", [Said(f"第{number}句 13812345678") for number in range(20)])
    assert [said.text for said in usage.messages] == [f"第{number}句 [电话]" for number in range(12, 20)]


@pytest.mark.parametrize(
    ("kept", "solved", "weight"), [(1.0, False, 1.0), (0.5, False, 0.5), (1.0, True, 1.5), (7.0, False, 1.0)]
)
def test_edited_sends_count_less_and_solved_ones_more(kept: float, solved: bool, weight: float) -> None:
    assert Usage(entry="a", messages=SAID, kept=kept, solved=solved).weight == weight


def test_file_gives_back_what_was_appended(tmp_path: Path) -> None:
    file = UsageFile(tmp_path / "new" / "usages.jsonl")
    usages = tuple(Usage(entry=f"e{number}", messages=SAID, kept=0.5) for number in range(3))
    for usage in usages:
        file.append(usage)
    assert UsageFile(tmp_path / "new" / "usages.jsonl").read() == usages


def test_damaged_lines_are_counted_and_skipped(tmp_path: Path) -> None:
    path = tmp_path / "usages.jsonl"
    path.write_bytes(b'{"entry":"a","messages":[]}\n\xff\xfe\n{"entry":\n[1]\n{"entry":"b","messages":[]}')
    file = UsageFile(path)
    file.append(Usage(entry="c", messages=()))
    assert [usage.entry for usage in file.read()] == ["a", "b", "c"]
    assert file.damaged == 3


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "usages.jsonl"
    path.write_bytes(b'{"entry":"old","messages":[]}\n' * 700)
    file = UsageFile(path, newest=50)
    file.append(Usage(entry="new", messages=()))
    assert len(file.read()) == 50
    assert file.read()[-1].entry == "new"
    assert path.read_bytes().count(b"\n") == 50
    assert list(tmp_path.iterdir()) == [path]


def test_lines_written_by_others_are_taken_as_they_come() -> None:
    usage = given_usage('{"entry":7,"messages":[{"text":"在吗"},{"from":"agent","text":"在"},5]}'.encode())
    assert usage == Usage(entry="7", messages=(Said("在吗"), Said("在", "agent")))
    assert given_usage(b"{") is None
    assert given_usage(b'{"messages":[]}') is None


@given(st.text())
def test_any_text_can_be_stripped(text: str) -> None:
    assert "13812345678" not in strip_personal(f"{text} 13812345678")
