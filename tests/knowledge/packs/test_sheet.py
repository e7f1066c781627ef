"""The printed sheet: two pages, nothing from outside, nothing cut off."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.sources import built_in, load
from agent_tui.knowledge.packs.format import Pack
from agent_tui.knowledge.packs.reading import built_in_packs, read_packs
from agent_tui.knowledge.packs.sheet import back_size, gist, pack_sheet
from tests.patience import WAIT

PACKS = [placed.pack for placed in read_packs(built_in_packs())[0]]
CHROMIUM = shutil.which("chromium") or ""


@pytest.fixture(scope="module")
def entries() -> dict[str, Entry]:
    return {entry.id: entry for entry in load([built_in()]).entries}


def fullest(pack: Pack) -> Pack:
    """`pack` with everything as long as the linter lets it be."""
    step = replace(pack.procedures[0].steps[0], do="做" * 60, check="查" * 60, if_fails="改" * 60)
    return replace(
        pack,
        title="长" * 20,
        answers=tuple(replace(answer, when="用" * 30) for answer in pack.answers),
        procedures=tuple(replace(one, title="流" * 20, steps=(step,) * 7) for one in pack.procedures),
        emergency=tuple(
            replace(one, title="急" * 20, say="说" * 120, stop="停" * 30) for one in pack.emergency
        ),
    )


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_two_pages_with_everything_on_them_and_nothing_from_outside(pack: Pack, entries: dict[str, Entry]):
    html = pack_sheet(pack, entries, {"safety": "王安 13800000000"})
    assert html.count('<section class="page"') == 2
    assert not re.search(r"https?:|url\(|@import|<script|<img|<link|src=", html)
    plain = re.sub(r"<[^>]*>", "", html)
    for text in [answer.when for answer in pack.answers] + [card.say for card in pack.emergency]:
        assert text.replace("'", "&#x27;") in plain
    assert "王安" in plain or not any(card.call == "safety" for card in pack.emergency)


def test_what_is_in_a_pack_stays_text(entries: dict[str, Entry]):
    pack = replace(PACKS[0], title="<script>alert(1)</script>", owner='"><img src=x>')
    assert not re.search(r"<script|<img", pack_sheet(pack, entries))


def test_a_fuller_pack_has_smaller_letters():
    seen = ["看到"] * 3
    assert back_size(fullest(PACKS[0]), seen) < back_size(PACKS[0], seen)


@pytest.mark.parametrize(
    ("text", "most", "says"),
    [
        ("订单 {{ order.number }} 已发。", 30, "订单 … 已发。"),
        ('{{ parcel.eta | default: "明天" }}到', 30, "明天到"),
        ("请等 ${1:几天} 天", 30, "请等 [几天] 天"),
        ("一二三四五六", 4, "一二三…"),
        ("一二三", 0, ""),
    ],
)
def test_the_gist_of_a_template_is_plain_text(text: str, most: int, says: str):
    assert gist(text, most) == says


MEASURE = """<script>
const faults = [];
for (const page of document.querySelectorAll('.page')) {
  const floor = page.querySelector('footer').getBoundingClientRect().top;
  for (const box of page.querySelectorAll('.answers li, article'))
    if (box.scrollHeight > box.clientHeight + 1 || box.getBoundingClientRect().bottom > floor + 1)
      faults.push(box.textContent.slice(0, 20) + ' ' + box.scrollHeight + '/' + box.clientHeight);
}
document.title = 'faults:' + faults.length + ' ' + faults.join(';');
</script></body>"""


def browse(tmp_path: Path, html: str, *options: str) -> str:
    file = tmp_path / "sheet.html"
    file.write_text(html, "utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'c'}"]
    done = subprocess.run([*command, *options, file.as_uri()], capture_output=True, check=True, timeout=WAIT)
    return done.stdout.decode()


@pytest.mark.torture
@pytest.mark.skipif(not CHROMIUM, reason="no chromium here to print with")
@pytest.mark.parametrize("pack", [*PACKS, fullest(PACKS[1])], ids=lambda pack: pack.id)
def test_in_a_browser_it_prints_as_two_pages_with_nothing_cut_off(
    pack: Pack, entries: dict[str, Entry], tmp_path: Path
):
    html = pack_sheet(pack, entries)
    shown = browse(tmp_path, html.replace("</body>", MEASURE), "--dump-dom")
    assert re.findall(r"<title>faults:(\d+) (.*?)</title>", shown) == [("0", "")]
    pdf = tmp_path / "sheet.pdf"
    browse(tmp_path, html, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 2
