"""The usage log: what had been said when an entry was sent, without personal data, as JSON lines."""

import os
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from agent_tui.domain.reading import Said as Said
from agent_tui.domain.reading import Side as Side

CONTEXT_MESSAGES = 8
NEWEST = 5_000
_SLACK = 500

_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"
)
_NUMBER_KINDS = (
    ("[邮箱]", re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")),
    ("[链接]", re.compile(r"(?:https?://|www\.)[^\s\u3000-\u9fff，。！？]+", re.IGNORECASE)),
    ("[证件号]", _IDENTITY),
    ("[电话]", re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)")),
    ("[电话]", re.compile(r"(?<!\d)(?:0\d{2,3}-\d{7,8}|[48]00-?\d{3}-?\d{4})(?!\d)")),
    ("[单号]", re.compile(r"(?<![0-9A-Za-z])(?=[0-9A-Za-z-]*\d{6})[A-Za-z]{0,6}[0-9][0-9A-Za-z-]{7,}")),
)
_PLACE = r"(?:(?![寄到在是址送往从发给为])[\u4e00-\u9fff]){2,8}?"
_ADDRESS = re.compile(
    rf"(?:{_PLACE}(?:省|自治区))?{_PLACE}(?:市|自治州|地区|盟)(?:{_PLACE}(?:区|县|旗|市))?"
    r"[\u4e00-\u9fff0-9A-Za-z-]{2,20}?(?:路|街|道|巷|弄|村|镇|小区|花园|大厦|广场|公寓|苑)"
    r"[0-9A-Za-z\u4e00-\u9fff-]{0,12}?(?:号楼|单元|栋|幢|层|室|号)?(?:[0-9]{1,5}(?:号楼|单元|栋|幢|层|室|号|楼)?)*"
)
_CALLED = re.compile(
    r"((?:我叫|我是|本人|收件人|收货人|联系人|姓名|户名)(?:是|为)?[:：\s]?)([\u4e00-\u9fff]{2,4})(?=[,，。；;\s、]|$)"
)
_TITLED = re.compile(r"[\u4e00-\u9fff](?=(?:先生|女士|小姐))")
_NOT_NAMES = frozenset(
    {"你们", "我们", "他们", "客服", "顾客", "买家", "会员", "学生", "老顾客", "新用户", "本人"}
)


class Usage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """That `entry` was sent after `messages` (oldest first).

    `kept` is the share of the entry's text that was sent unchanged (0 to 1); `solved` says whether the
    ticket was solved afterwards; `at` is when; `kind` is what the server says of the ticket: class, category,
    tier and mood with slashes between, empty for what is never a helper's; `share` is how far its sender is
    believed (0 to 1).
    """

    entry: str
    messages: tuple[Said, ...]
    kept: float = 1.0
    solved: bool = False
    at: datetime | None = None
    category: str = ""
    kind: str | None = None
    share: float = 1.0

    @property
    def weight(self) -> float:
        """How much this usage counts: edited sends less, solved tickets more."""
        return _part(self.kept) * _part(self.share) * (1.5 if self.solved else 1.0)


def _part(number: float) -> float:
    return max(0.0, min(number, 1.0))


def strip_personal(text: str, known: Iterable[str] = ()) -> str:
    """`text` with names, phones, order numbers and addresses replaced by placeholders.

    `known` are the ticket's own values (the customer's name, phone, address, order number): they are
    removed wherever they stand, longest first.
    """
    for value in sorted({value for value in known if len(value.strip()) >= 2}, key=len, reverse=True):
        text = text.replace(value, "[客户信息]")
    for placeholder, pattern in _NUMBER_KINDS:
        text = pattern.sub(placeholder, text)
    text = _ADDRESS.sub("[地址]", text)
    text = _CALLED.sub(_without_name, text)
    return _TITLED.sub("某", text)


def _without_name(found: re.Match[str]) -> str:
    return found[0] if found[2] in _NOT_NAMES else f"{found[1]}[姓名]"


def usage_of(
    entry: str,
    messages: Sequence[Said],
    *,
    kept: float = 1.0,
    solved: bool = False,
    at: datetime | None = None,
    category: str = "",
    personal: Iterable[str] = (),
) -> Usage:
    """A usage ready to be stored: the last messages only, without personal data."""
    known = tuple(personal)
    said = tuple(
        Said(strip_personal(message.text, known), message.side) for message in messages[-CONTEXT_MESSAGES:]
    )
    return Usage(entry=entry, messages=said, kept=kept, solved=solved, at=at, category=category)


class UsageFile:
    """The newest usages as a plain JSON-lines file that can be appended to, read and compacted.

    A line that cannot be read is skipped and counted in `damaged`; it is gone after the next compaction.
    """

    def __init__(self, path: Path, newest: int = NEWEST) -> None:
        self._path = path
        self._newest = newest
        self._lines: int | None = None
        self.damaged = 0

    def read(self) -> tuple[Usage, ...]:
        """The newest usages, oldest first."""
        usages, self.damaged, self._lines = read_usages(self._path)
        return usages[-self._newest :]

    def append(self, usage: Usage) -> None:
        """Add `usage` at the end; now and then drop what is no longer among the newest."""
        if self._lines is None:
            self.read()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            if file.tell() and not self._ends_with_newline():
                file.write(b"\n")
            file.write(msgspec.json.encode(usage) + b"\n")
        self._lines = (self._lines or 0) + 1
        if self._lines > self._newest + _SLACK:
            self.compact()

    def compact(self) -> None:
        """Rewrite the file with the newest usages, all at once or not at all."""
        usages = self.read()
        beside = self._path.with_name(self._path.name + ".new")
        with beside.open("wb") as file:
            file.writelines(msgspec.json.encode(usage) + b"\n" for usage in usages)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        self._lines, self.damaged = len(usages), 0

    def _ends_with_newline(self) -> bool:
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"


def read_usages(path: Path) -> tuple[tuple[Usage, ...], int, int]:
    """The usages of a JSON-lines file, how many lines were damaged, and how many lines there were.

    A file that is not there holds no usages.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return (), 0, 0
    lines = [line for line in content.split(b"\n") if line.strip()]
    usages = [usage for line in lines if (usage := decode_usage(line)) is not None]
    return tuple(usages), len(lines) - len(usages), len(lines)


def said_of(messages: object) -> tuple[Said, ...]:
    """Messages from decoded JSON, taken as well as they can be: no `from` means the customer."""
    if not isinstance(messages, list):
        return ()
    return tuple(
        Said(str(text), "customer" if message.get("from", "customer") == "customer" else "agent")
        for message in messages
        if isinstance(message, dict) and (text := message.get("text")) is not None
    )


def given_usage(line: bytes) -> Usage | None:
    """One line of a usage file that somebody else wrote: `entry` and `messages`, the rest optional."""
    try:
        given = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(given, dict) or given.get("entry") is None:
        return None
    kept, solved, category = given.get("kept", 1.0), given.get("solved"), given.get("category")
    return Usage(
        entry=str(given["entry"]),
        messages=said_of(given.get("messages")),
        kept=float(kept) if isinstance(kept, (int, float)) else 1.0,
        solved=solved is True,
        category=category if isinstance(category, str) else "",
    )


def decode_usage(line: bytes) -> Usage | None:
    """One line of a usage file; None when it is damaged."""
    try:
        return msgspec.json.decode(line, type=Usage)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
