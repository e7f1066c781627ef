"""Where the confidence line belongs: `python -m tests.bench.confidence [--held-out only]`.

Asked are the simulator's openings (a fact decides whether one of the three answers shown is right) and our
articles' similar questions, each left out while it is asked (right is its own article, so this errs on the
low side). English cosines are brought to the scale of the Chinese ones by the two lines. Against them
stands chatter that asks nothing a shop answers. For each line the curve says how much is shown, how often
what is shown holds a right answer, and how much chatter gets one nevertheless.
"""

import argparse
from collections.abc import Iterator, Sequence

import numpy as np
from msgspec.structs import replace

from agent_tui.domain.reading import read
from agent_tui.i18n import choose
from agent_tui.knowledge.content.sources import CombinedSources, built_in, load
from agent_tui.knowledge.library import Library
from agent_tui.knowledge.recommend.advisor import language_of
from agent_tui.knowledge.recommend.recommender import Recommender
from agent_tui.knowledge.recommend.stacking import SHOWN, SURE_COSINE, SURE_COSINE_LATIN
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.sim.customer import AT_ONCE, SimulatedCustomer
from agent_tui.sim.openings import select
from tests.bench.robot import SPEAKER, Robot, cases, detail_of, situation_of

LINES = (0.0, 0.1, 0.12, 0.14, 0.15, 0.16, 0.17, 0.18, 0.2, 0.24, 0.3)
EVERY = 8
# fmt: off
CHATTER = (
    "在吗", "你好", "您好呀", "有人吗", "人呢？？？", "急急急", "？？？", "。。。", "嗯", "嗯嗯好",
    "哦哦好的", "好的谢谢", "谢谢亲", "多谢啦", "辛苦了", "收到", "知道了哈", "那行吧", "可以的",
    "没事了", "不用了", "再见", "拜拜啦", "😂", "👍🙏", "哈哈哈哈", "等我一下", "我看看哈",
    "稍等我找一下", "新年快乐呀", "hi", "hello there", "thanks a lot", "ok great", "bye",
    "are you there?", "just a second", "今天天气不错", "我先去吃饭了", "你叫什么名字", "今天星期几",
    "给我讲个笑话", "晚上吃什么好", "你们那边下雨了吗", "我家猫又把杯子打翻了", "足球赛谁赢了",
    "刚下班好累", "我在开会 晚点说", "上班迟到了", "周末去爬山", "帮我写首诗", "股票还会涨吗",
    "孩子明天要考试", "地铁上信号不好", "我妈喊我吃饭了", "what's the weather like",
    "who won the game last night", "my dog is barking", "I am on a train", "tell me a joke",
)
# fmt: on

Judged = tuple[float, bool]


def surety(recommender: Recommender, said: Sequence[Said]) -> tuple[float, list[str]]:
    """The mean raw cosine of the closest three, on the scale of Chinese, and the ids that are shown."""
    category = read([one.text for one in said]).category.value
    hits = recommender.recommend(said, category, language_of(said), SHOWN).hits
    ids = [hit.id for hit in hits]
    scale = SURE_COSINE / SURE_COSINE_LATIN if language_of(said) == "en" else 1.0
    return recommender.cosine(said) * scale, ids


def of_openings(which: str, recommender: Recommender, robot: Robot) -> Iterator[Judged]:
    """Every opening of one part."""
    for case in cases(len(select(which)), which, 5):  # type: ignore[arg-type]
        customer, detail = SimulatedCustomer(case, 0.0, AT_ONCE), detail_of(case)
        said = [Said(says.text) for says in customer.tick(0.0) if says.text]
        sure, _ = surety(recommender, said)
        shown = robot.library.guess(situation_of(case, said)).advice[:SHOWN]
        yield sure, any(robot.settles(case, one.entry, detail) for one in shown)


def of_questions() -> Iterator[Judged]:
    """Every eighth similar question, asked of an index without it."""
    entries = load([built_in()]).entries
    asked = [(place, question) for place, entry in enumerate(entries) for question in entry.similar]
    for place, question in asked[::EVERY]:
        rest = list(entries)
        others = tuple(one for one in rest[place].similar if one != question)
        rest[place] = replace(rest[place], similar=others)
        sure, ids = surety(Recommender(rest), [Said(question)])
        yield sure, entries[place].id in ids


def curve(name: str, judged: Sequence[Judged]) -> None:
    """Shown, right among the shown, and both together, for each line."""
    sure, right = np.array([one[0] for one in judged]), np.array([one[1] for one in judged])
    print(f"\n{name}: {len(judged)}, right in the first three {right.mean():.3f}")
    for line in LINES:
        shown = sure >= line
        among = right[shown].mean() if shown.any() else 0.0
        chosen = "  <- the line" if line == SURE_COSINE else ""
        both = (shown & right).mean()
        print(f"  {line:.2f}  shown {shown.mean():.3f}  right of shown {among:.3f}  both {both:.3f}{chosen}")


def main() -> None:
    """Print the curves; the held-out openings only when asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--held-out", default="no", choices=("only", "no", "both"))
    which = parser.parse_args().held_out
    choose("zh")
    library = Library(CombinedSources([built_in()]), speaker=lambda: SPEAKER)
    library.refresh()
    library.relearn()
    recommender = Recommender(load([built_in()]).entries)
    curve("openings", list(of_openings(which, recommender, Robot(library))))
    if which == "no":
        curve("similar questions, left out", list(of_questions()))
    curve("chatter (right never)", [(surety(recommender, [Said(text)])[0], False) for text in CHATTER])


if __name__ == "__main__":
    main()
