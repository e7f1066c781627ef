"""`python -m tests.pictures` writes docs/pictures/*.svg, and *.png where `rsvg-convert` is installed."""

import asyncio
import shutil
import subprocess

from tests.pictures.scenes import FOLDER, PICTURES, draw


def main() -> None:
    """Draw all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    convert = shutil.which("rsvg-convert")
    for picture in PICTURES:
        file = FOLDER / f"{picture.name}.svg"
        file.write_text(asyncio.run(draw(picture)), "utf-8")
        if convert:
            png = file.with_suffix(".png")
            subprocess.run([convert, "--zoom", "1", str(file), "-o", str(png)], check=True)


if __name__ == "__main__":
    main()
