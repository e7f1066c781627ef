"""The messages of one ticket: laid out as lines, painted, chosen, opened and copied.

Start reading at `widget`; `layout` holds the lines and whose they are, `painting` makes a line's strip once.
"""
