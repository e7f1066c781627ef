"""How a customer takes a reply that is not the answer: as a question, a hold, a greeting, or nothing."""

import re

from msgspec import Struct

_SENTENCES = re.compile(r"[。！？!?；;\n，,]|\.(?=\s|$)")
_REQUEST = re.compile(
    r"请|麻烦|提供|发一下|发下|发给|发我|发张|告知|告诉|报一下|报下|多少|能否|方便|可否|是什么|拍|上传|核对|"
    r"please|could you|can you|may i|what is|what's|share|send|provide|tell|upload",
    re.IGNORECASE,
)
_KINDS = {
    "order": r"订单号|订单编号|单号|哪个订单|哪一单|哪笔订单|order (?:number|no|id)|which order",
    "photo": r"照片|图片|拍照|拍张|拍个|拍一下|拍下|实拍|视频|凭证图|photo|picture|video|image",
    "size": r"身高|体重|尺寸|平时穿|穿多大|脚长|height|weight|usual size|usually wear",
    "phone": r"手机号|手机尾号|联系电话|联系方式|电话号码|phone number|contact number",
    "address": r"地址|address",
    "name": r"姓名|收件人|收货人|怎么称呼|your name|recipient",
}
_ASKED = {kind: re.compile(words, re.IGNORECASE) for kind, words in _KINDS.items()}
_HOLD = re.compile(
    r"稍等|稍候|等一下|等一等|等下|请等|马上|正在|帮您查|为您查|给您查|帮您看|查询中|核实一下|耐心|"
    r"one moment|a moment|please wait|let me check|let me look|checking|hold on|bear with",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"您好|你好|亲亲|亲，|哈喽|欢迎|在的|在呢|上午好|下午好|晚上好|hello|\bhi\b|"
    r"welcome|good (?:morning|evening|afternoon)",
    re.IGNORECASE,
)
_INVITATION = re.compile(
    r"有什么可以|什么可以帮|请问有什么|怎么了|什么问题|请讲|请说|how can i help|how may i help|what can i do",
    re.IGNORECASE,
)
_GREETING_LENGTH = 60


class Heard(Struct, frozen=True):
    """`asks`: the kinds of things a reply asks for; the rest says whether it holds, greets or invites."""

    asks: frozenset[str] = frozenset()
    holds: bool = False
    greets: bool = False
    invites: bool = False


def hear(reply: str) -> Heard:
    """What `reply` is, apart from whether it settles the question."""
    invites = _INVITATION.search(reply) is not None
    return Heard(
        asks=asked_for(reply),
        holds=_HOLD.search(reply) is not None,
        greets=len(reply) <= _GREETING_LENGTH and (invites or _GREETING.search(reply) is not None),
        invites=invites,
    )


def asked_for(reply: str) -> frozenset[str]:
    """The kinds of things (`order`, `photo`, `size`, …) that a sentence of `reply` asks the customer for."""
    wanted: set[str] = set()
    start = 0
    for stop in [*(hit.end() for hit in _SENTENCES.finditer(reply)), len(reply)]:
        sentence, start = reply[start:stop], stop
        if _REQUEST.search(sentence) or sentence.rstrip().endswith(("?", "？")):
            wanted.update(kind for kind, words in _ASKED.items() if words.search(sentence))
    return frozenset(wanted)
