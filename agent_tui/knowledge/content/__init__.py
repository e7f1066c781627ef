"""Content: snippets and articles as files, the entries made of them, their sources, and the linter.

Never searches or ranks. Reading returns entries *and* problems; one bad file never hides the good ones.
Start at `entries` (the structs), then `sources` (files to entries) and `lint` (what `kb check` finds).
"""
