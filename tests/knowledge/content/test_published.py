"""A team's folder as published files, what differs between two of them, and what is said of the shop."""

from pathlib import Path

import pytest

from agent_tui import i18n
from agent_tui.domain.team_content import ContentFile, TeamContent
from agent_tui.errors import BadSettings
from agent_tui.knowledge.content.comparison import diff_lines, differences, entries_by_id
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.overrides import overrides
from agent_tui.knowledge.content.published import PublishedSource, folder_files
from agent_tui.knowledge.content.shop import (
    ShopValues,
    named,
    overlaid,
    own_values,
    read_shop,
    shop_in,
    with_team,
    written,
)
from agent_tui.knowledge.content.sources import OWN, PUBLISHED, TEAM, CombinedSources, Source, folder
from agent_tui.settings import Contact, Settings, Shop

LATE = "- id: t-late\n  title: 晚到\n  tags: [{tag}]\n  body: {body}\n"


def file(text: str, path: str = "snippets/a.yaml") -> ContentFile:
    return ContentFile(path=path, text=text)


def late(body: str = "今晚到。", tag: str = "晚") -> ContentFile:
    return file(LATE.format(body=body, tag=tag))


def write(folder: Path, *files: ContentFile) -> Path:
    for one in files:
        (folder / one.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / one.path).write_text(one.text, "utf-8")
    return folder


def test_what_of_a_folder_is_published(tmp_path: Path) -> None:
    case = file("---\nid: c\ntitle: t\n---\n## 话术\n好\n", "kb/退款/c.md")
    good = (late(), case, file("id: p\n", "packs/p.yaml"), file("[shop]\n", "shop.toml"))
    other = (
        file("# 说明\n", "README.md"),
        file("x", "notes.txt"),
        file("x", ".hidden/a.md"),
        file("x", "a.sh"),
    )
    files, problems = folder_files(write(tmp_path, *good, *other))
    assert sorted(one.path for one in files) == sorted(one.path for one in good)
    assert problems == []


def test_a_file_that_is_no_text_is_a_problem_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe")
    files, (found,) = folder_files(tmp_path)
    assert (files, found.file) == ((), str(tmp_path / "a.yaml"))


def test_an_entry_is_compared_by_its_id_and_its_words_stand_on_both_sides() -> None:
    moved = file(late("明早到。").text, "elsewhere.yaml")
    (one,) = differences((late(),), (moved,))
    assert (one.id, one.kind, one.change, one.fields) == ("t-late", "snippet", "changed", ("body",))
    assert (one.before, one.after) == ("今晚到。", "明早到。")
    (tagged,) = differences((late(),), (late(tag="急"),))
    assert (tagged.fields, tagged.before) == (("tags",), tagged.after)
    assert differences((late(),), (late(),)) == ()
    assert [d.change for d in differences((), (late(),))] == ["added"]
    assert [d.change for d in differences((late(),), ())] == ["removed"]


def test_a_difference_is_shown_line_by_line() -> None:
    before, after = (late(),), (late("明早到。"),)
    (one,) = differences(before, after)
    lines = diff_lines(one, entries_by_id(before), entries_by_id(after))
    assert [line for line in lines if line[0] in "+-"] == ["-body: 今晚到。", "+body: 明早到。"]


def test_other_files_are_compared_whole() -> None:
    (one,) = differences((file("a\n", "shop.toml"),), (file("b\n", "shop.toml"),))
    assert (one.id, one.kind, one.before, one.after) == ("shop.toml", "file", "a\n", "b\n")
    assert [line for line in diff_lines(one, {}, {}) if line[0] in "+-"] == ["-a", "+b"]


def test_published_entries_stand_over_ours_and_below_those_of_this_machine(tmp_path: Path) -> None:
    published = PublishedSource(lambda: TeamContent(version=7, digest="x", files=(late("团队。"),)))
    (entry,) = published().entries
    assert (entry.origin, entry.version, entry.text) == (PUBLISHED, 7, "团队。")
    here = folder(write(tmp_path / "team", late("本机。")), TEAM)
    own = Source(origin=OWN, entries=(Entry(id="t-late", kind="snippet", title="我的", text="我的。"),))

    def text(*sources: Source) -> str:
        read = CombinedSources(sources, published=published).read()
        return next(one.text for one in read.entries if one.id == "t-late")

    assert text() == "团队。"
    assert text(here) == "本机。"
    assert text(own, here) == "我的。"


def test_what_takes_anothers_place_is_named_with_its_place_and_whose_it_was(tmp_path: Path) -> None:
    i18n.choose("zh")
    team = folder(write(tmp_path / "team", file(late().text.replace("t-late", "refund-progress"))), TEAM)
    own = folder(write(tmp_path / "own", file(late().text.replace("t-late", "refund-progress"))), OWN)
    first, second = overrides((team,), (own,))
    assert (first.file, first.line, first.severity) == (f"{tmp_path}/team/snippets/a.yaml", 1, "notice")
    assert "（随产品）" in first.detail
    assert (second.file, "（团队）" in second.detail) == (f"{tmp_path}/own/snippets/a.yaml", True)
    assert overrides((folder(write(tmp_path / "new", late()), TEAM),)) == []


def test_values_of_the_shop_come_back_as_they_were_written() -> None:
    values = {
        "shop.name": '云"朵\\',
        "contact.warehouse.phone": "6001",
        "policy.return_days": "15",
        "shop.hours": " ",
    }
    back = named(read_shop(written(values)))
    assert back == {name: value for name, value in values.items() if value.strip()}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("[shop]\ncolour = 'x'\n", "shop.colour"),
        ("[contact.'a b']\nname = 'x'\n", "contact.a b.name"),
        ("[policy]\n'1' = 'x'\n", "policy.1"),
        ("[policy]\ndays = 15\n", "policy"),
        (f"[shop]\nname = '{'x' * 301}'\n", "shop.name"),
        ("[shop\n", ""),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(text: str, at: str) -> None:
    with pytest.raises(BadSettings) as caught:
        read_shop(text)
    assert caught.value.values.get("key", "").startswith(at)
    assert shop_in((file(text, "shop.toml"),)) == ShopValues(), "a desk that cannot read it has blanks"


def test_what_a_person_has_set_wins_value_by_value() -> None:
    team = ShopValues(
        shop=Shop(name="店", hours="9-24"),
        contact={"warehouse": Contact(name="老周", phone="6001")},
        policy={"return_days": "15"},
    )
    own = ShopValues(
        shop=Shop(hours="全天"), contact={"warehouse": Contact(phone="7")}, policy={"gift": "伞"}
    )
    settings = Settings(shop=own.shop, contact=own.contact, policy=own.policy)
    assert own_values(with_team(settings, (file(written(named(team)), "shop.toml"),))) == overlaid(team, own)
    assert named(overlaid(team, own)) == {
        "shop.name": "店",
        "shop.hours": "全天",
        "contact.warehouse.name": "老周",
        "contact.warehouse.phone": "7",
        "policy.return_days": "15",
        "policy.gift": "伞",
    }
