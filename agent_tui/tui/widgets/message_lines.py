"""A message as lines of text with roles: pure, so that how a conversation looks can be read and tested."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo

from msgspec import Struct
from rich.cells import cell_len, chop_cells

from agent_tui.desk import SendState, Shown
from agent_tui.domain.models import FileInfo, Message, MessageKind, Part
from agent_tui.i18n import ConversationTexts
from agent_tui.tui.wording import standing

Segment = tuple[str, str]
Line = tuple[Segment, ...]

_URL = re.compile(r"https?://[^\s<>\"'，。！？；：、（）《》【】“”]+", re.IGNORECASE)
_TOKEN = re.compile(r"\s+|[^\s\u2e80-\uffef]+|.", re.DOTALL)
_CLOSING = frozenset("，。！？；：、）》】”’…,.!?;:)]}")
_GUTTER = 2
_GOOD = (SendState.SENT, SendState.DELIVERED)
_BAD = (SendState.UNDELIVERED, SendState.REFUSED, SendState.UNSURE, SendState.RETURNED)


class Target(Struct, frozen=True):
    """Something in a conversation that can be opened: a link or a stored file."""

    url: str = ""
    file: FileInfo | None = None

    @property
    def host(self) -> str:
        """Where a link leads, as it must be shown before it is opened."""
        return re.sub(r"^https?://(?:[^/@]*@)?", "", self.url, flags=re.IGNORECASE).split("/", 1)[0]


class Numbers:
    """Numbers for what can be opened, in the order it was first seen, so that a number never changes."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._targets: list[Target] = []

    def of(self, target: Target) -> int:
        """The number of `target`, a new one when it was never seen."""
        key = target.url or (target.file.id if target.file else "")
        if key not in self._numbers:
            self._targets.append(target)
            self._numbers[key] = len(self._targets)
        return self._numbers[key]

    @property
    def newest(self) -> int:
        """The number that was given last, 0 when there is none."""
        return len(self._targets)

    def target(self, number: int) -> Target | None:
        """What has `number`."""
        return self._targets[number - 1] if 0 < number <= len(self._targets) else None


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells: words stay whole where they can, closing punctuation never
    starts a line."""
    lines: list[str] = []
    for paragraph in text.expandtabs(4).split("\n"):
        lines.extend(_wrap_paragraph(paragraph, max(width, 2)))
    return lines


def _wrap_paragraph(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line, cells = "", 0
    for token in _tokens(text):
        size = cell_len(token)
        if cells + size > width and line:
            lines.append(line.rstrip())
            line, cells = "", 0
            token = token.lstrip()
            size = cell_len(token)
        while size > width:
            head, *rest = chop_cells(token, width)
            lines.append(head)
            token = "".join(rest)
            size = cell_len(token)
        line, cells = line + token, cells + size
    return [*lines, line.rstrip()]


def _tokens(text: str) -> Iterator[str]:
    held = ""
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in _CLOSING and held and not held.isspace():
            held += token
            continue
        if held:
            yield held
        held = token
    if held:
        yield held


def human_size(size: int) -> str:
    """`size` bytes as people say it, such as `1.2 MB`."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with `{name}` replaced; a missing value is empty, and values are never read as templates."""
    return template.format_map(defaultdict(str, values))


class Lines:
    """Turns messages into lines for one width, in one language and time zone (None is the machine's)."""

    def __init__(
        self, texts: ConversationTexts, width: int, numbers: Numbers, zone: tzinfo | None = None
    ) -> None:
        self._texts = texts
        self._width = width
        self._numbers = numbers
        self._zone = zone

    def local(self, moment: datetime) -> datetime:
        """`moment` on the agent's clock."""
        return moment.astimezone(self._zone)

    def of(self, shown: Shown, after: Message | None, now: float) -> list[Line]:
        """The lines of `shown`, which follows message `after`."""
        message = shown.message
        if message.kind is MessageKind.EVENT:
            return self._event(message)
        lines = [] if after is not None and _goes_on(after, message) else [self._header(shown, now)]
        if message.recalled:
            return [*lines, (("  ", ""), (self._texts.recalled, "event"))]
        for part in message.parts:
            lines.extend(self._part(part, _role(message)))
        return lines

    def day(self, moment: datetime, today: date) -> Line:
        """The break before the first message of a day."""
        day = self.local(moment).date()
        ago = (today - day).days
        name = {0: self._texts.today, 1: self._texts.yesterday}.get(ago, "")
        weekday = self._texts.weekdays[day.weekday()]
        return self._rule(f"{name or weekday} {day:%m-%d}".strip(), "day")

    def unread(self) -> Line:
        """The mark before the first message that nobody has answered."""
        return self._rule(self._texts.unread, "unread")

    def older(self) -> Line:
        """The line that says there is more above."""
        return self._rule(self._texts.older, "day")

    def _rule(self, label: str, role: str) -> Line:
        left = 2
        right = max(0, self._width - left - cell_len(label) - 2)
        return (("─" * left, role), (f" {label} ", role), ("─" * right, role))

    def _header(self, shown: Shown, now: float) -> Line:
        message = shown.message
        time = f"{self.local(message.at):%H:%M} "
        name = message.author.name or self._texts.system
        if message.kind in (MessageKind.NOTE, MessageKind.WHISPER):
            label = self._aside(message)
            head: Line = (("┃ ", "note"), (time, "note"), (f"{name} · {label}", "note-name"))
            return self._with_state(head, shown, now) if shown.state in _BAD else head
        if message.author.kind == "bot":
            name = f"{name} ({self._texts.bot})" if message.author.name else self._texts.bot
        return self._with_state(((time, "meta"), (name, f"{_role(message)}-name")), shown, now)

    def _aside(self, message: Message) -> str:
        if message.kind is MessageKind.NOTE:
            return self._texts.note
        is_draft = any(part.type == "draft" for part in message.parts)
        return self._texts.draft if is_draft else self._texts.whisper

    def _with_state(self, head: Line, shown: Shown, now: float) -> Line:
        state = self._state(shown, now)
        if state is None:
            return head
        room = self._width - sum(cell_len(t) for t, _ in head) - 2
        text = state[0] if cell_len(state[0]) <= room else chop_cells(state[0], max(room, 1))[0]
        return (*head, ("  ", ""), (text, state[1]))

    def _state(self, shown: Shown, now: float) -> Segment | None:
        if shown.state is None:
            return None
        seconds = str(max(0, round(shown.until - now)))
        reason = standing(shown.reason)
        text = fill(self._texts.states[shown.state.value], {"seconds": seconds, "reason": reason})
        role = "good" if shown.state in _GOOD else "bad" if shown.state in _BAD else "waiting"
        return text, role

    def _event(self, message: Message) -> list[Line]:
        lines: list[Line] = []
        for part in message.parts:
            words = {k: self._texts.words.get(v, v) for k, v in part.values.items()}
            author = message.author.name
            words = {"label": part.label, "text": part.text, "name": author, "by": author} | words
            if "until" in words:
                words["until"] = self._moment(words["until"])
            template = self._texts.events.get(part.label, self._texts.events["other"])
            text = fill(template, words) if part.label else part.text
            prefix = f"{self.local(message.at):%H:%M} · "
            lines.extend((("  ", ""), (line, "event")) for line in wrap(prefix + text, self._width - 2))
        return lines

    def _moment(self, text: str) -> str:
        try:
            return f"{self.local(datetime.fromisoformat(text)):%m-%d %H:%M}"
        except ValueError:
            return text

    def _part(self, part: Part, role: str) -> Iterator[Line]:
        gutter = ("┃ ", "note") if role == "note" else ("  ", "")
        width = self._width - _GUTTER
        if part.type == "draft" and not part.text:
            return
        if part.type in ("text", "draft"):
            for line in wrap(part.text, width):
                yield (gutter, *self._linked(line, role))
            for match in _URL.finditer(part.text):
                number = self._numbers.of(Target(url=match.group()))
                host = Target(url=match.group()).host
                yield (gutter, (f"[{number}] ", "link"), (chop_cells(host, width)[0], "meta"))
            return
        for line in wrap(self._described(part), width):
            yield (gutter, (line, "link" if part.file else role))

    def _linked(self, line: str, role: str) -> Iterator[Segment]:
        at = 0
        for match in _URL.finditer(line):
            if match.start() > at:
                yield line[at : match.start()], role
            yield match.group(), "link"
            at = match.end()
        if at < len(line) or not line:
            yield line[at:], role

    def _described(self, part: Part) -> str:
        texts = self._texts
        if part.file is not None:
            label = {"image": texts.image, "voice": texts.voice}.get(part.type, texts.file)
            number = self._numbers.of(Target(file=part.file))
            return f"[{number}] [{label}] {part.file.name} {human_size(part.file.size)}"
        status = texts.words.get(part.status, part.status)
        values = {"number": part.number, "status": status, "price": part.price, "name": part.name}
        if part.type == "order-card":
            return _tidy(fill(texts.order_card, values))
        if part.type == "product-card":
            return _tidy(fill(texts.product_card, values))
        return fill(texts.unknown, {"kind": part.label or part.type}) + (f" {part.text}" if part.text else "")


def plain(message: Message) -> str:
    """The message's words alone, as they are copied."""
    return "\n".join(p.text or p.number or (p.file.name if p.file else "") for p in message.parts).strip()


def today_of(now: float, zone: tzinfo | None) -> date:
    """The agent's date at epoch second `now`."""
    return datetime.fromtimestamp(now, UTC).astimezone(zone).date()


def _tidy(text: str) -> str:
    return re.sub(r"(?: · )+(?=$| · )", "", text).strip(" ·")


def _role(message: Message) -> str:
    if message.kind in (MessageKind.NOTE, MessageKind.WHISPER):
        return "note"
    return "customer" if message.kind is MessageKind.CUSTOMER else "agent"


def _goes_on(before: Message, message: Message) -> bool:
    """Whether `message` belongs under the same header: the customer wrote on within the minute."""
    same = before.kind is message.kind is MessageKind.CUSTOMER and before.author == message.author
    return same and (message.at - before.at).total_seconds() < 60 and before.at.minute == message.at.minute
