"""The prefix filters of a palette query: `#退款 到账`, `@停滞`, `>转交`; `#类别` lists the categories."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.search.index import SearchIndex
from agent_tui.knowledge.search.search import search
from agent_tui.knowledge.text.tokens import normalize

_ALL = frozenset({"类别", "分类", "类型", "category", "categories", "leibie", "fenlei"})
_PLAIN = frozenset({"exact", "prefix", "substring", "similar", "pinyin", "initials"})
_TWINS = {"＃": "#", "＠": "@", "＞": ">", "》": ">"}


class SearchScope(StrEnum):
    """What a query looks among."""

    ALL = "all"
    CATEGORY = "category"
    ARTICLES = "articles"
    COMMANDS = "commands"


class FilteredQuery(Struct, frozen=True):
    """A typed query taken apart: `category` is what was typed behind `#`, `text` what is searched for."""

    mode: SearchScope
    text: str
    category: str = ""


def read_query(typed: str) -> FilteredQuery:
    """`typed` with its prefix taken off; an input method's full-width prefix counts."""
    text = typed.lstrip()
    sign = _TWINS.get(text[:1], text[:1])
    if sign == "#":
        category, _, rest = text[1:].lstrip().replace("\u3000", " ").partition(" ")
        return FilteredQuery(SearchScope.CATEGORY, rest.strip(), category)
    if sign == "@":
        return FilteredQuery(SearchScope.ARTICLES, text[1:].strip())
    if sign == ">":
        return FilteredQuery(SearchScope.COMMANDS, text[1:].strip())
    return FilteredQuery(SearchScope.ALL, typed)


class Categories:
    """The categories, found by whatever people type for them: id, name, pinyin, initials."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = dict(names)
        self._index = SearchIndex.build(
            Entry(id=id, kind="title", title=name, similar=(id,)) for id, name in self._names.items()
        )

    def meant(self, typed: str) -> frozenset[str]:
        """The categories that `typed` may mean, all for nothing typed; those as good as the best one."""
        if not typed or is_every_category(typed):
            return frozenset(self._names)
        if typed.casefold() in self._names:
            return frozenset({typed.casefold()})
        hits = search(self._index, typed)
        return frozenset(hit.id for hit in hits if hit.why == hits[0].why)

    def named(self, typed: str) -> list[str]:
        """The categories that `typed` names without a slip, best first; all for the word "category"."""
        if is_every_category(typed):
            return list(self._names)
        return [hit.id for hit in search(self._index, typed) if hit.why in _PLAIN]


def is_every_category(typed: str) -> bool:
    """Whether `typed` asks for the list of categories, by its name."""
    return normalize(typed).strip() in _ALL
