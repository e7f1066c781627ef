"""What belongs to a customer alone: floods of it, and none of it in usages or in a model file."""

import random
import re
import string
from collections.abc import Iterator

import msgspec

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend import model_file
from agent_tui.knowledge.recommend.training import train
from agent_tui.knowledge.recommend.usage_log import Said, Usage, usage_of

SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
CITIES = ("杭州市西湖区", "广州市天河区", "成都市武侯区", "南京市鼓楼区")
ENTRIES = tuple(Entry(id=f"e{number}", kind="snippet", title="") for number in range(3))
ASKED = ("退款什么时候到账", "快递到哪里了", "发票怎么开")
_READABLE = re.compile(rb"[\x20-\x7e\xe4-\xe9][\x20-\x7e\x80-\xbf\xe4-\xe9]{3,}")


class Customer(msgspec.Struct):
    name: str
    phone: str
    address: str
    order: str
    email: str

    @property
    def secrets(self) -> tuple[str, ...]:
        return (
            self.name,
            self.phone,
            self.phone[:3] + "-" + self.phone[3:7],
            self.address,
            self.order,
            self.email,
        )


def customers(count: int) -> Iterator[Customer]:
    pick = random.Random(17)
    for _ in range(count):
        digits = "".join(pick.choices(string.digits, k=16))
        yield Customer(
            name=pick.choice(SURNAMES) + "".join(pick.sample(GIVEN, 2)),
            phone=f"1{pick.choice('356789')}{digits[:9]}",
            address=f"{pick.choice(CITIES)}文三路{pick.randint(1, 999)}号3单元{pick.randint(101, 2999)}室",
            order=f"88{digits}",
            email=f"{''.join(pick.choices(string.ascii_lowercase, k=9))}{digits[:3]}@example.com",
        )


def flood() -> Iterator[tuple[Customer, Usage]]:
    """Every customer tells all of it, in words and among words, and the shop repeats it."""
    for number, one in enumerate(customers(240)):
        asked = ASKED[number % 3]
        phone = one.phone if number % 2 else f"{one.phone[:3]}-{one.phone[3:7]}-{one.phone[7:]}"
        said = (
            Said(f"我叫{one.name}，手机{phone}，{asked}"),
            Said(f"{one.name}您好，是寄到{one.address}的{one.order}吗", "agent"),
            Said(f"对 {one.order}，地址{one.address}，邮箱{one.email}"),
            Said(f"{asked}？联系人：{one.name}"),
        )
        known = (one.name, one.phone, one.address, one.order)
        yield one, usage_of(f"e{number % 3}", said, personal=known, category="refund")


def test_no_usage_and_no_model_file_holds_anything_of_a_customer() -> None:
    flooded = list(flood())
    kept = msgspec.json.encode([usage for _, usage in flooded]).decode()
    data = train(ENTRIES, [usage for _, usage in flooded])
    model = model_file.unpack(data)
    assert model is not None
    assert set(model.entries) == {"e0", "e1", "e2"}
    readable = b"\n".join(_READABLE.findall(data)).decode("utf-8", "ignore")
    for customer, _ in flooded:
        for secret in customer.secrets:
            assert secret not in kept
            assert secret not in readable
    assert "退款什么时候到账" in kept
    assert not re.search(r"\d{6,}", kept)


def test_what_is_readable_in_a_model_file_are_its_fields_and_ids() -> None:
    shipped = msgspec.msgpack.decode(
        train(ENTRIES, [usage for _, usage in flood()]), type=model_file.ModelFile
    )
    texts = [value for value in msgspec.structs.astuple(shipped) if isinstance(value, str)]
    assert texts == []
    assert sorted(shipped.entries) == ["e0", "e1", "e2"]
