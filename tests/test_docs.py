"""What the documents point at is there: files, headings, modules and classes."""

import re
from pathlib import Path

import pytest

from tests.bench.house import PACKAGE, ROOT, House

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"(?:agent_tui|tests|docs|[a-z]+)/[\w./-]*\.(?:py|toml|md|tcss|jsonl)")


@pytest.fixture(scope="module")
def house() -> House:
    return House()


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings make."""
    heads = _HEADING.findall(page.read_text("utf-8"))
    return {re.sub(r"[^\w\s-]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text("utf-8")):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("name", ["architecture.md", "contributing.md"])
def test_files_that_are_named_exist(name: str) -> None:
    for code in _CODE.findall((ROOT / "docs" / name).read_text("utf-8")):
        if _FILE.fullmatch(code):
            assert any((folder / code).exists() for folder in (ROOT, ROOT / PACKAGE)), code


def test_every_term_lives_where_the_glossary_says(house: House) -> None:
    terms = [
        line.strip("|").rsplit("|", 1)
        for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
        if line.startswith("| ") and not line.startswith(("| term", "| ---"))
    ]
    assert len(terms) >= 40
    for term, places in terms:
        names = [f"{PACKAGE}.{name}" for name in _CODE.findall(places)]
        assert names, term
        for name in names:
            assert name in house.modules or name in house.classes, (term, name)
