"""Keyword extraction: stop phrases out, synonyms folded into one, what is left weighed with its n-grams.

Stop phrases are greetings, thanks, impatience and nods: words that ask nothing.
"""

import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files

from agent_tui.knowledge.text.tokens import normalize

# Beyond the private characters that stand for words which mean the same, nothing of Unicode's private area
# is left in a normalized text.
_FIRST = 0xE000
_UNIT = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[^\W\d_a-z]|[\uE000-\uE0FF]")
_PRIVATE = re.compile(r"[\uE000-\uF8FF]")
_ENDINGS = ("ings", "ing", "ed", "es", "s")
_LEAST_STEM = 4
CHARACTER, SAME, PAIR, TRIPLE = 0.45, 1.3, 1.0, 0.6
# fmt: off
_PHRASES = (
    "在吗", "在不在", "在么", "在嘛", "在线吗", "有人吗", "有人么", "有人在吗", "有没有人", "人呢",
    "人在吗", "喂", "你好", "您好", "哈喽", "嗨", "早上好", "上午好", "中午好", "下午好", "晚上好",
    "早安", "晚安", "客服", "小姐姐", "小哥哥", "老板", "掌柜", "店家", "亲", "宝", "谢谢", "谢了",
    "多谢", "感谢", "非常感谢", "谢谢你", "谢谢您", "辛苦", "辛苦了", "麻烦了", "麻烦你了", "麻烦您了",
    "好的", "好嘞", "好滴", "好吧", "好", "行吧", "那行", "行", "可以", "没问题", "嗯嗯", "嗯", "恩",
    "哦哦", "哦", "噢", "收到", "知道", "知道了", "明白", "明白了", "了解", "懂了", "没事", "没事了",
    "不用了", "算了", "先这样", "再见", "拜拜", "回头见", "哈哈", "哈", "呵呵", "嘿嘿", "唉", "哎", "额",
    "呃", "嘻嘻", "加油", "急", "着急", "快点", "快", "回一下", "回个话", "回话", "回复", "回我", "说话",
    "说句话", "理我", "理一下", "等一下", "等我一下", "稍等", "等等", "等会", "我看看", "我看一下",
    "我想想", "我找一下", "问一下", "请问", "问个问题", "你人真好", "新年快乐", "节日快乐", "生意兴隆",
    "老板大气", "图片", "表情", "语音", "hi", "hello", "hey", "there", "good", "morning", "afternoon",
    "evening", "anyone", "are", "you", "here", "ok", "okay", "great", "sure", "fine", "thanks", "thank",
    "so", "very", "much", "thx", "ty", "a", "lot", "bye", "goodbye", "please", "pls", "lol", "haha",
    "just", "one", "second", "moment", "sec", "wait", "let", "me", "check", "got", "it", "i", "see", "no",
    "problem", "never", "mind", "cheers", "alright",
)
# fmt: on
_PARTICLES = "啊呀哦呢吧啦哈嘛么吗了的嘞哟喔呐呗诶"
_PHRASE = re.compile(
    rf"(?<![a-z])(?:{'|'.join(sorted(_PHRASES, key=len, reverse=True))})(?![a-z])|[{_PARTICLES}\s]"
)
_PARTING = re.compile(r"[^\w\s']+|[\r\n]+|(?<=[\u3400-\u9fff])\s+|\s+(?=[\u3400-\u9fff])")


@cache
def _same() -> tuple[re.Pattern[str], dict[str, str]]:
    """What is replaced, the longest first, and by which character."""
    text = (files("agent_tui.knowledge") / "data" / "same_words.toml").read_text("utf-8")
    lists: dict[str, list[str]] = tomllib.loads(text)
    stands = {word: chr(_FIRST + number) for number, words in enumerate(lists.values()) for word in words}
    rows = sorted(stands, key=len, reverse=True)
    parts = [rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in rows]
    return re.compile("|".join(parts)), stands


def fold_same(text: str) -> str:
    """`text` normalized, each group of words that mean the same as one private character."""
    pattern, stands = _same()
    plain = _PRIVATE.sub("", normalize(text))
    return pattern.sub(lambda hit: f" {stands[hit[0]]} " if hit[0].isascii() else stands[hit[0]], plain)


def pieces(text: str, *, is_question: bool = True) -> Counter[str]:
    """The pieces of `text` and their weights: characters or words, and neighbours together.

    A question loses its greetings and thanks first.
    """
    units = [_stem(unit) for unit in _UNIT.findall(fold_same((asked(text) or text) if is_question else text))]
    found: Counter[str] = Counter()
    for place, unit in enumerate(units):
        found[unit] += SAME if _PRIVATE.match(unit) or unit.isascii() else CHARACTER  # type: ignore[assignment]
        if place:
            found[f"{units[place - 1]} {unit}"] += PAIR  # type: ignore[assignment]
        if place > 1:
            found[f"{units[place - 2]} {units[place - 1]} {unit}"] += TRIPLE  # type: ignore[assignment]
    return found


def _stem(unit: str) -> str:
    """An English word without its ending; any number is a number."""
    if unit[0].isdigit():
        return "0"
    if not unit.isascii():
        return unit
    ending = next((one for one in _ENDINGS if unit.endswith(one)), "")
    return unit[: -len(ending)] if ending and len(unit) - len(ending) >= _LEAST_STEM else unit


def asked(text: str) -> str:
    """The parts of `text` (simplified, lower case) that may ask something; empty when none does."""
    parts = _PARTING.split(normalize(text))
    return " ".join(part for part in parts if _PHRASE.sub("", part))
