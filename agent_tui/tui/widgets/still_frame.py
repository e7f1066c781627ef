"""A box whose frame is painted once, however often the screen around it changes."""

from typing import Self

from textual.containers import Vertical
from textual.geometry import Region, Size
from textual.strip import Strip


class StillFrame(Vertical):
    """A column of widgets in a frame that only its own refresh paints anew."""

    _frame: tuple[tuple[Region, Size], list[Strip]] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The frame as it was painted: the compositor asks for it whenever anything on the screen changes."""
        if self._frame is None or self._frame[0] != (crop, self.outer_size):
            self._frame = (crop, self.outer_size), super().render_lines(crop)
        return self._frame[1]

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Paint the frame anew."""
        self._frame = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """Paint the frame in other colours."""
        super().notify_style_update()
        self._frame = None
