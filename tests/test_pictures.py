"""The screens are what the pictures of the docs show: a change of either is seen."""

import re
from difflib import unified_diff
from html import unescape

import pytest

from tests.pictures.scenes import FOLDER, PICTURES, Picture, draw


@pytest.mark.torture
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
async def test_a_screen_is_what_its_picture_shows(picture: Picture) -> None:
    """`make pictures` draws them anew; look at what changed before it is kept."""
    drawn = await draw(picture)
    kept = (FOLDER / f"{picture.name}.svg").read_text("utf-8")
    if drawn != kept:
        changed = "\n".join(unified_diff(_words(kept), _words(drawn), "kept", "drawn", lineterm="", n=0))
        pytest.fail(
            f"{picture.name}: {changed or 'only colours or places differ'}\n`make pictures` draws anew"
        )


def _words(svg: str) -> list[str]:
    return [unescape(words) for words in re.findall(r"<text [^>]*>([^<]*)</text>", svg)]
