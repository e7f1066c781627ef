"""The palette: from a few typed letters to the right words in the composer, and from good words to an entry.

`rows` and `preview` say what a line looks like and know no widget; `finding` turns what is typed into rows;
`listing` paints them, `screen` is the overlay, `form` writes entries, `answering` ties all of it to a desk.
The palette never sends by itself: what it found goes through the composer, whose checks hold for it too.

Start reading at `answering`.
"""
