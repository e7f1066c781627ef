"""The training plan: which set comes next, and what is remembered of it."""

from pathlib import Path

from agent_tui.drill.plan import after, keep_passed, next_set


def test_skills_come_first_and_the_shift_stays(tmp_path: Path) -> None:
    assert next_set(tmp_path, "logistics") == "skills"
    keep_passed(tmp_path / "new", "logistics", "skills")
    keep_passed(tmp_path / "new", "logistics", "skills")
    assert next_set(tmp_path / "new", "logistics") == "scenes"
    assert next_set(tmp_path / "new", "returns") == "skills"
    keep_passed(tmp_path / "new", "logistics", "live")
    assert next_set(tmp_path / "new", "logistics") == "scenes"
    keep_passed(tmp_path / "new", "logistics", "scenes")
    assert next_set(tmp_path / "new", "logistics") == "live"
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["drills.json"]


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "drills.json").write_text('{"logistics": ["ski', "utf-8")
    assert next_set(tmp_path, "logistics") == "skills"
    keep_passed(tmp_path, "logistics", "skills")
    assert next_set(tmp_path, "logistics") == "scenes"


def test_each_set_leads_to_the_next() -> None:
    assert [after("skills"), after("scenes"), after("live")] == ["scenes", "live", None]
