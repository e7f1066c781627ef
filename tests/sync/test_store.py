"""The store under damage: nothing that fails its checksum is sent, nothing good is lost, one writer only."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent_tui.domain.commands import SendReply, UsedEntry
from agent_tui.domain.models import Part
from agent_tui.sync.document_file import read_lines, write_lines
from agent_tui.sync.errors import ProfileInUse, StoreError
from agent_tui.sync.ids import new_id
from agent_tui.sync.shapes import Draft
from agent_tui.sync.store import OutboxRecord, Store, open_store, readable


def record(seq: int, words: str = "您好,今天发出。") -> OutboxRecord:
    command = SendReply(id=new_id(), ticket=f"t{seq}", parts=(Part(type="text", text=words),))
    return OutboxRecord(seq=seq, command=command, state="queued", created_at=1.7e9)


def reopened(folder: Path) -> Store:
    store = open_store(folder)
    store.close()
    return store


def filled(folder: Path, count: int = 3) -> list[OutboxRecord]:
    store = open_store(folder)
    records = [record(n) for n in range(1, count + 1)]
    for each in records:
        store.keep([each])
    store.close()
    return records


def test_what_is_kept_is_there_again_in_order(tmp_path: Path) -> None:
    records = filled(tmp_path)
    store = open_store(tmp_path)
    assert store.records == records
    assert not store.damaged
    store.forget([records[1].command.id])
    store.keep_drafts({"t1": Draft(text="还没写完", entries=(UsedEntry(id="a"),), begun_at=2.0)})
    store.keep_pairs("uses", {"a": 3})
    store.keep_pairs("views", {"view": "mine"})
    store.close()
    again = reopened(tmp_path)
    assert again.records == [records[0], records[2]]
    assert again.drafts()["t1"].text == "还没写完"
    assert again.numbers("uses") == {"a": 3}
    assert again.words("views") == {"view": "mine"}


@pytest.mark.torture
def test_no_slip_of_a_bit_is_sent_or_takes_another_record_along(tmp_path: Path) -> None:
    records = filled(tmp_path, 3)
    file = tmp_path / "desk.store"
    whole = file.read_bytes()
    (tmp_path / "desk.store.old").unlink()
    good = {each.command.id: each for each in records}
    for place in range(0, len(whole), 3):
        for bit in (0, 4, 6):
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
            store = open_store(tmp_path)
            sendable = {each.command.id: each for each in store.records}
            assert sendable.items() <= good.items(), place
            lost = len(good) - len(sendable)
            assert lost <= 2, place
            assert len(store.damaged) >= min(lost, 1), place
            store.close()


def test_a_damaged_record_is_shown_with_what_can_be_read_of_it(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    file = tmp_path / "desk.store"
    (tmp_path / "desk.store.old").unlink()
    file.write_bytes(file.read_bytes().replace("今天发出".encode(), "明天发出".encode(), 1))
    store = reopened(tmp_path)
    assert len(store.records) == 1
    (damaged,) = store.damaged
    assert readable(damaged) == ("t1", "您好,明天发出。")


def test_a_damaged_record_can_be_put_away(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    file = tmp_path / "desk.store"
    file.write_bytes(file.read_bytes().replace("今天".encode(), "明天".encode(), 1))
    store = open_store(tmp_path)
    for damaged in list(store.damaged):
        store.forget_damaged(damaged.key)
    store.keep([record(9)])
    store.close()
    assert not reopened(tmp_path).damaged


@pytest.mark.parametrize("ruin", ["empty", "cut", "zeros", "gone"])
def test_the_previous_generation_stands_in_for_a_ruined_one(tmp_path: Path, ruin: str) -> None:
    records = filled(tmp_path, 3)
    file = tmp_path / "desk.store"
    whole = file.read_bytes()
    if ruin == "gone":
        file.unlink()
    else:
        left = {"empty": b"", "cut": whole[: len(whole) // 3], "zeros": bytes(len(whole))}[ruin]
        file.write_bytes(left)
    store = reopened(tmp_path)
    found = {each.command.id: each for each in store.records}
    for each in records[:2]:
        assert each.command.id in found
    # Which of them a person had taken back since is not known: they ask before they go.
    assert {each.state for each in store.records if each.reason == "recovered"} <= {"unsure"}
    assert any(each.reason == "recovered" for each in store.records)


def test_a_crash_between_the_two_renames_loses_nothing(tmp_path: Path) -> None:
    records = filled(tmp_path, 3)
    file = tmp_path / "desk.store"
    file.rename(tmp_path / "desk.store.new")
    store = reopened(tmp_path)
    assert store.records == records
    assert not store.damaged


def test_a_record_taken_back_does_not_return(tmp_path: Path) -> None:
    records = filled(tmp_path, 2)
    store = open_store(tmp_path)
    store.forget([records[1].command.id])
    store.close()
    assert reopened(tmp_path).records == records[:1]


def test_a_second_writer_is_told(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with pytest.raises(ProfileInUse):
        open_store(tmp_path)
    store.close()
    reopened(tmp_path)


def test_a_second_process_is_told(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    program = (
        "import sys; from pathlib import Path; from agent_tui.sync.store import open_store;"
        "from agent_tui.sync.errors import ProfileInUse\n"
        "try: open_store(Path(sys.argv[1]))\n"
        "except ProfileInUse: sys.exit(7)"
    )
    assert subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False).returncode == 7
    store.close()


_FULL = """
import resource, signal, sys
from pathlib import Path
from agent_tui.sync.errors import StoreError
from agent_tui.sync.store import open_store
from tests.sync.test_store import record

folder = Path(sys.argv[1])
store = open_store(folder)
store.keep([record(1)])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
try:
    store.keep([record(2, "x" * 5000)])
except StoreError as error:
    assert error.code == "cannot-write"
else:
    sys.exit("a full disk was not noticed")
store.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are POSIX")
def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(tmp_path)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert [each.seq for each in reopened(tmp_path).records] == [1]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError):
        open_store(tmp_path / "desk")


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "desk").write_text("not a folder")
    with pytest.raises(StoreError):
        open_store(tmp_path / "desk")


def test_lines_come_back_and_name_their_broken_ones() -> None:
    tables = {"outbox": {"1": {"body": "你\n好", "sum": "x"}}, "views": {"1": {"key": "a", "value": "b"}}}
    data = write_lines(tables)
    parsed = read_lines(data)
    assert (parsed.tables, parsed.broken, parsed.intact) == (tables, [], True)
    parsed = read_lines(data.replace(b'"outbox"', b'"outbux"'))
    assert not parsed.intact
    assert len(parsed.broken) == 1


def test_what_was_found_damaged_lies_beside_the_file(tmp_path: Path) -> None:
    """The next write replaces the file: nobody should look for it in vain."""
    (tmp_path / "desk.store").write_bytes(b"\x00garbage\n")
    store = open_store(tmp_path)
    assert store.aside == tmp_path / "desk.store.damaged"
    store.keep_pairs("views", {"view": "mine"})
    store.close()
    assert (tmp_path / "desk.store.damaged").read_bytes() == b"\x00garbage\n"
    again = open_store(tmp_path)
    assert again.aside is None
    again.forget_customers()
    again.close()
    assert not (tmp_path / "desk.store.damaged").exists()
