"""What the benches' agents speak as, and what they type: a customer's words in pinyin, values of blanks."""

from collections.abc import Sequence

from agent_tui.knowledge.templates.values import Speaker
from agent_tui.knowledge.text.tokens import normalize, units
from agent_tui.settings import Contact, Shop

SPEAKER = Speaker(
    agent="小林",
    shop=Shop(name="云朵家", hours="9:00-24:00", return_address="浙江省杭州市余杭区仓前街道 1 号仓"),
    contacts={
        role: Contact(name="值班经理", phone="400-800-0000") for role in ("director", "warehouse", "service")
    },
)


def telling_words(said: Sequence[str], titles: Sequence[str]) -> list[str]:
    """Words the customers used that normalized `titles` hold too; those that fewest titles hold first."""
    heard = normalize(" ".join(said))
    found: dict[str, int] = {}
    for start in range(len(heard) - 1):
        for size in (2, 3, 4):
            word = heard[start : start + size]
            if len(word) == size and word.isalnum() and not word.isascii():
                found[word] = sum(word in title for title in titles)
    for word in heard.split():
        if word.isascii() and word.isalpha() and len(word) > 3:
            found[word] = sum(word in title for title in titles)
    known = sorted((count, -len(word), word) for word, count in found.items() if count)
    return [spelt(word) for _, _, word in known]


def spelt(word: str) -> str:
    """A word as its pinyin is typed."""
    return "".join(unit.spellings[0] for unit in units(word))


def typing(text: str) -> int:
    """The keys of a text in full pinyin, candidates never chosen, and Enter."""
    return sum(len(unit.spellings[0]) for unit in units(normalize(text))) + 1 if text else 0


def blank_value(prompt: str) -> str:
    """What is typed into a blank: a plain time, or a plain word."""
    return "18:00" if "时" in prompt or "time" in prompt else "已登记"
