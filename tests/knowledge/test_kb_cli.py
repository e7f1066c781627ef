"""The command line of the knowledge, as scripts use it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def desk(tmp_path: Path) -> dict[str, str]:
    """An environment of its own, so that no test reads or fills a person's folders."""
    return os.environ | {
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "LANG": "zh_CN.UTF-8",
    }


@pytest.fixture
def titles(tmp_path: Path) -> Path:
    """A folder with three titles, one line empty."""
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "titles.txt").write_text("退货流程\n\n发票抬头\n", "utf-8")
    return folder


def run(desk: dict[str, str], *args: object, given: str = "") -> subprocess.CompletedProcess[str]:
    """One `agent-tui kb` command."""
    command = [sys.executable, "-m", "agent_tui", "kb", *map(str, args)]
    return subprocess.run(command, input=given, capture_output=True, encoding="utf-8", env=desk, check=False)


@pytest.fixture
def batch(desk: dict[str, str], titles: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A batch that reads standard input."""
    command = [sys.executable, "-m", "agent_tui", "kb", "search", "--batch", "-", "--content", str(titles)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=desk) as process:
        yield process
        process.kill()


def test_a_batch_answers_each_line_before_the_next_is_written(batch: subprocess.Popen[bytes]) -> None:
    assert batch.stdin
    assert batch.stdout
    for query, found in (("tuihuo", ["1"]), ("", []), ("#refund", []), ("fptt", ["3"])):
        batch.stdin.write(f"{query}\n".encode())
        batch.stdin.flush()
        answer = json.loads(batch.stdout.readline())
        assert answer["query"] == query
        assert [hit["id"] for hit in answer["hits"]] == found
    batch.stdin.close()
    assert batch.stdout.read() == b""
    assert batch.wait() == 0


def test_a_batch_file_gives_a_line_for_each_line(desk: dict[str, str], titles: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.txt"
    queries.write_bytes("退货\r\n\n zzzz \n退伙".encode() + b"\n\xff\n")
    done = run(desk, "search", "--batch", queries, "--content", titles, "--limit", 1)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [answer["query"] for answer in answers] == ["退货", "", " zzzz ", "退伙", "\ufffd"]
    hit = {"id": "1", "kind": "title", "title": "退货流程", "matched": [[0, 2]], "why": "prefix"}
    score = answers[0]["hits"][0].pop("score")
    assert answers[0]["hits"] == [hit]
    assert 0 < score <= 1
    assert [len(answer["hits"]) for answer in answers] == [1, 0, 0, 1, 0]


def test_problems_go_to_stderr_and_the_rest_is_used(desk: dict[str, str], titles: Path) -> None:
    (titles / "bad.yaml").write_text("- [", "utf-8")
    done = run(desk, "search", "退货", "流程", "--json", "--content", titles)
    assert done.returncode == 0
    assert [hit["id"] for hit in json.loads(done.stdout)["hits"]] == ["1"]
    assert "bad.yaml:" in done.stderr


def test_filters_narrow_only_when_asked(desk: dict[str, str]) -> None:
    done = run(desk, "search", "#退款 到账", "--filters", "--json")
    hits = json.loads(done.stdout)["hits"]
    assert hits
    articles = json.loads(run(desk, "search", "@退款", "--filters", "--json").stdout)["hits"]
    assert {hit["kind"] for hit in articles} == {"article"}


def test_a_cached_index_answers_the_same(desk: dict[str, str], titles: Path) -> None:
    before = run(desk, "search", "tuihuo", "--json", "--content", titles)
    assert run(desk, "build", "--content", titles).returncode == 0
    assert list(Path(desk["XDG_CACHE_HOME"]).rglob("index-*.bin"))
    assert run(desk, "search", "tuihuo", "--json", "--content", titles).stdout == before.stdout


def test_check_fails_on_an_error_and_names_it(desk: dict[str, str], titles: Path) -> None:
    assert run(desk, "check", titles).returncode == 0
    (titles / "x.yaml").write_text("- {id: a, title: 甲, body: '{{ order.x }}'}\n", "utf-8")
    done = run(desk, "check", titles)
    assert done.returncode == 1
    assert "x.yaml:1: body" in done.stdout


def test_our_own_content_passes_the_check(desk: dict[str, str]) -> None:
    done = run(desk, "check")
    assert done.returncode == 0, done.stdout


def test_synonyms_are_ours_and_the_folders_own(desk: dict[str, str], titles: Path) -> None:
    (titles / "titles.txt").write_text("退款进度\n盲盒规则\n", "utf-8")
    (titles / "synonyms.toml").write_text('boxes = ["盲盒", "福盒"]\n', "utf-8")
    for typed, found in (("退钱", "1"), ("tuiqian", "1"), ("福盒", "2"), ("fuhegz", "2")):
        answer = json.loads(run(desk, "search", typed, "--content", titles, "--json").stdout)
        assert [hit["id"] for hit in answer["hits"]] == [found]


def test_check_names_synonyms_that_merge_what_must_stay_apart(desk: dict[str, str], titles: Path) -> None:
    (titles / "synonyms.toml").write_text('ours = ["退钱", "还花呗"]\n', "utf-8")
    done = run(desk, "check", titles)
    assert done.returncode == 1
    assert "synonyms.toml:1" in done.stdout
    assert "refund → ours → repay" in done.stdout


def test_stats_count(desk: dict[str, str], titles: Path) -> None:
    counted = json.loads(run(desk, "stats", "--json", "--content", titles).stdout)
    assert counted["entries"] == 2
    assert counted["kinds"] == {"title": 2}
    assert counted["problems"] == {"error": 0, "warning": 0}


def test_import_writes_a_file_that_is_read_back(desk: dict[str, str], tmp_path: Path) -> None:
    source, target = tmp_path / "x.csv", tmp_path / "new" / "x.yaml"
    source.write_text("title,body\n到账,您好 {{ customer.name }}\n", "utf-8")
    target.parent.mkdir()
    assert run(desk, "import", "csv", source, "--out", target).returncode == 0
    assert run(desk, "check", target.parent).returncode == 0
    assert run(desk, "import", "chatwoot", source).returncode == 1
