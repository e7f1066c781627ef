"""What may be published, what tells contents apart, and what is taken back to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_tui.domain.team_content import (
    ContentFile,
    ContentVersion,
    before,
    content_digest,
    file_faults,
    is_good_path,
    ordered,
    tag_of,
    with_file,
)


def file(path: str, text: str = "") -> ContentFile:
    return ContentFile(path=path, text=text)


@pytest.mark.parametrize("path", ["a.yaml", "snippets/退款.yaml", "kb/退款/一 二.md", "packs/p.yml"])
def test_ordinary_paths_are_good(path: str) -> None:
    assert is_good_path(path)


@pytest.mark.parametrize(
    "path",
    ["", "/a.yaml", "../a.yaml", "a/../b.yaml", ".git/a.yaml", "a\\b.yaml", "C:a.yaml", "a/ b.yaml",
     "a.yaml.", "a /b.yaml", "a\n.yaml", "a\u202e.yaml", "e\u0301.yaml", "a//b.yaml", "a/b/c/d/e/f/g.yaml"],
)  # fmt: skip
def test_a_path_that_leaves_its_folder_somewhere_is_none(path: str) -> None:
    assert not is_good_path(path)


@given(st.text(max_size=40))
def test_a_good_path_has_neither_a_step_upwards_nor_a_root(path: str) -> None:
    if is_good_path(path):
        assert ".." not in path.split("/")
        assert not path.startswith("/")
        assert "\\" not in path


def test_each_fault_names_its_file() -> None:
    faults = dict(file_faults((file("A.yaml"), file("a.yaml"), file("x.sh"), file("../x.md"))))
    assert faults == {"a.yaml": "same-path", "x.sh": "bad-kind", "../x.md": "bad-path"}


def test_the_order_of_files_is_no_difference_and_where_a_text_ends_is() -> None:
    one, other = file("a.yaml", "x"), file("b.yaml", "y")
    assert content_digest(ordered((other, one))) == content_digest(ordered((one, other)))
    assert content_digest((file("a.yaml", "xb"),)) != content_digest((file("a.yamlx", "b"),))
    assert content_digest(()) != ""
    assert with_file((one, other), "b.yaml", "z") == (one, file("b.yaml", "z"))


@pytest.mark.parametrize(
    ("version", "restored", "back"), [(3, None, 2), (4, 2, 1), (5, 1, 0), (1, None, 0), (0, None, 0)]
)
def test_taking_back_again_goes_further_back(version: int, restored: int | None, back: int) -> None:
    assert before(ContentVersion(version=version, restored=restored)) == back


def test_a_number_that_a_restored_database_gives_again_is_told_apart() -> None:
    assert tag_of(ContentVersion(version=3, digest="a")) != tag_of(ContentVersion(version=3, digest="b"))
