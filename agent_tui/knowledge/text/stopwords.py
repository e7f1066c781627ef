"""Words that ask nothing: greetings, thanks, impatience and nods, left out before an answer is looked for."""

import re

from agent_tui.knowledge.text.tokens import normalize

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


def asked(text: str) -> str:
    """The parts of `text` (simplified, lower case) that may ask something; empty when none does."""
    parts = _PARTING.split(normalize(text))
    return " ".join(part for part in parts if _PHRASE.sub("", part))
