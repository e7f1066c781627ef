"""Importers of canned replies (Chatwoot, Zendesk, CSV): as snippets, with our names in them."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from agent_tui.domain.names import is_known
from agent_tui.knowledge.content.entries import ContentProblem, Snippet
from agent_tui.knowledge.content.problems import problem
from agent_tui.knowledge.errors import KnowledgeError

KINDS = ("chatwoot", "zendesk", "csv")

_OURS = {
    "contact.name": "customer.name", "contact.first_name": "customer.name",
    "contact.last_name": "customer.name", "agent.name": "agent.name", "agent.first_name": "agent.name",
    "agent.last_name": "agent.name", "inbox.name": "shop.name", "account.name": "shop.name",
    "ticket.requester.name": "customer.name", "ticket.requester.first_name": "customer.name",
    "ticket.requester.last_name": "customer.name", "current_user.name": "agent.name",
    "current_user.first_name": "agent.name", "ticket.assignee.name": "agent.name",
    "ticket.assignee.first_name": "agent.name", "ticket.account": "shop.name",
    "ticket.organization.name": "shop.name", "order.name": "order.number", "order_number": "order.number",
    "tracking_number": "parcel.number", "customer_name": "customer.name", "name": "customer.name",
}  # fmt: skip
_OUTPUT = re.compile(r"\{\{-?\s*(?P<path>[^{}|]+?)\s*(?:\|[^{}]*)?-?\}\}")
_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>|</div>", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_NOT_ID = re.compile(r"[^A-Za-z0-9._-]+")


class CannedReply(Struct, frozen=True, kw_only=True):
    """A canned reply as another helpdesk has it."""

    title: str
    body: str
    shortcut: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()


class ImportFailed(KnowledgeError):
    """The file is not what it was said to be: `not-json`, `no-list` (its name) or `no-columns`."""


def import_replies(kind: str, data: bytes, shown: str) -> tuple[list[Snippet], list[ContentProblem]]:
    """Snippets from an export of `kind`, and what could not be taken over as it was.

    Raises ImportFailed for a file that is not such an export.
    """
    readers: dict[str, Callable[[bytes], Iterator[CannedReply]]] = {
        "chatwoot": _chatwoot,
        "zendesk": _zendesk,
        "csv": _csv,
    }
    snippets: list[Snippet] = []
    problems: list[ContentProblem] = []
    taken: set[str] = set()
    for number, reply in enumerate(readers[kind](data), 1):
        if not reply.body.strip():
            problems.append(problem("no-body", shown, 0, f"[{number}]", "warning", title=reply.title))
            continue
        body, unknown = translated(reply.body)
        problems += [problem("renamed", shown, 0, f"[{number}]", "warning", name=name) for name in unknown]
        snippets.append(_snippet(reply, body, kind, taken))
    return snippets, problems


def translated(body: str) -> tuple[str, list[str]]:
    """`body` with the other helpdesk's placeholders made ours, and the names that became blanks."""
    unknown: list[str] = []

    def ours(found: re.Match[str]) -> str:
        path = found["path"].strip()
        name = _OURS.get(path.lower(), path.lower())
        if is_known(name):
            return "{{ " + name + " }}"
        if path not in unknown:
            unknown.append(path)
        label = re.sub(r"[{}$:]", " ", path.split(".", 1)[-1]).replace("_", " ").strip() or path
        return f"${{{unknown.index(path) + 1}:{label}}}"

    text = _MARKUP.sub("", _BREAK.sub("\n", _TAG.sub("", body)))
    return _OUTPUT.sub(ours, text).strip() + "\n", unknown


def _snippet(reply: CannedReply, body: str, kind: str, taken: set[str]) -> Snippet:
    base = _NOT_ID.sub("-", reply.shortcut or reply.title).strip("-.").lower()[:60] or kind
    id, number = base, 2
    while id in taken:
        id, number = f"{base}-{number}", number + 1
    taken.add(id)
    is_chinese = any("\u4e00" <= char <= "\u9fff" for char in body)
    paths = dict.fromkeys(found["path"].strip() for found in _OUTPUT.finditer(body))
    return Snippet(
        id=id,
        title=reply.title.strip() or id,
        body=body,
        shortcut=reply.shortcut,
        category=reply.category or "other",
        tags=reply.tags,
        language="zh" if is_chinese else "en",
        needs=tuple(paths),
    )


def _json(data: bytes, kind: str) -> Any:
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ImportFailed("not-json", f"JSON: {error}") from error


def _rows(value: object, key: str) -> list[dict[str, Any]]:
    listed = value.get(key) if isinstance(value, dict) else value
    if not isinstance(listed, list):
        raise ImportFailed("no-list", f"`{key}`")
    return [row for row in listed if isinstance(row, dict)]


def _chatwoot(data: bytes) -> Iterator[CannedReply]:
    for row in _rows(_json(data, "chatwoot"), "payload"):
        code = str(row.get("short_code") or "")
        yield CannedReply(title=code, body=str(row.get("content") or ""), shortcut=code)


def _zendesk(data: bytes) -> Iterator[CannedReply]:
    for row in _rows(_json(data, "zendesk"), "macros"):
        title = str(row.get("title") or "")
        *groups, name = [part.strip() for part in title.split("::")]
        actions = row.get("actions")
        said = [_comment(action) for action in actions] if isinstance(actions, list) else []
        yield CannedReply(title=name, body="\n".join(text for text in said if text), tags=tuple(groups))


def _comment(action: object) -> str:
    """The text that one macro action sends; a comment's value may be `[channel, text]`."""
    if not isinstance(action, dict) or action.get("field") not in ("comment_value", "comment_value_html"):
        return ""
    value = action.get("value")
    if isinstance(value, list):
        return str(value[-1]) if value else ""
    return str(value or "")


def _csv(data: bytes) -> Iterator[CannedReply]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    names = [name.strip().lower() for name in rows.fieldnames or ()]
    if "title" not in names or "body" not in names:
        raise ImportFailed("no-columns", f"CSV: {', '.join(names) or '?'}")
    rows.fieldnames = names
    for row in rows:
        tags = re.split(r"[;,，、|]", row.get("tags") or "")
        yield CannedReply(
            title=row.get("title") or "",
            body=row.get("body") or "",
            shortcut=(row.get("shortcut") or "").strip(),
            category=(row.get("category") or "").strip(),
            tags=tuple(tag.strip() for tag in tags if tag.strip()),
        )
