"""`agent-tui pack`: what its four commands print, write and answer with."""

import json
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from agent_tui.cli.commands import app_for
from agent_tui.knowledge.packs.reading import load_pack
from agent_tui.knowledge.packs.writing import write_pack
from agent_tui.knowledge.recommend.usage_log import Said, Usage


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


def run(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app_for("pack"), ["pack", *map(str, words), "--lang", "zh"])
    return result.exit_code, result.stdout, result.stderr


def test_check_accepts_the_built_in_packs():
    code, out, _ = run("check")
    assert code == 0
    assert "共 5 个知识包，0 个错误" in out


def test_check_names_what_is_wrong_with_a_file(tmp_path: Path):
    file = tmp_path / "mine.yaml"
    pack = load_pack("live")
    file.write_text(write_pack(replace(pack, answers=pack.answers[:19])), "utf-8")
    code, out, _ = run("check", file, "--json")
    assert code == 1
    faults = [json.loads(line) for line in out.splitlines()]
    assert [fault["field"] for fault in faults if fault["severity"] == "error"] == ["answers"]


def test_diff_says_what_changed_in_words(tmp_path: Path):
    file = tmp_path / "mine.yaml"
    pack = load_pack("live")
    file.write_text(write_pack(replace(pack, version=2, answers=pack.answers[1:])), "utf-8")
    code, out, _ = run("diff", "live", file)
    assert code == 0
    assert out.splitlines() == ["直播间：第 1 版 → 第 2 版", "· 去掉回答「主播承诺没兑现」"]
    assert run("diff", "live", "live")[1].splitlines()[1:] == ["· 没有变化"]


def test_print_writes_the_sheet(tmp_path: Path):
    out = tmp_path / "sheet.html"
    assert run("print", "returns", "--out", out)[0] == 0
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert run("print", "returns")[1] == out.read_text("utf-8")


def test_build_proposes_a_file_that_reads_back(tmp_path: Path):
    usages, out = tmp_path / "usages.jsonl", tmp_path / "next.yaml"
    usage = Usage(entry="parcel-eta", messages=(Said("快递几天到"),), solved=True)
    usages.write_bytes(msgspec.json.encode(usage) + b"\n{broken\n")
    code, _, err = run("build", "--usages", usages, "--pack", "logistics", "--out", out)
    assert code == 0
    assert "1 行读不了" in err
    assert load_pack(out).answers[0].entry == "parcel-eta"


@pytest.mark.parametrize(
    "words",
    [
        ("diff", "live", "nothing"),
        ("print", "gone.yaml"),
        ("print", "live", "--out", "/nowhere/at/all.html"),
        ("build", "--usages", "gone.jsonl", "--pack", "live"),
    ],
)
def test_what_is_not_there_is_said_without_a_traceback(words: tuple[str, ...]):
    code, _, err = run(*words)
    assert code == 2
    assert err.strip()
