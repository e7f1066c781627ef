"""The palette's fuzzy search: a few typed letters, pinyin, initials or typos, to the entries that were meant.

Never asks what a customer said (that is `recommend`) and imports numpy only above a few thousand texts.
Start at `search`, then `index` (bigram candidates), `matching`, `alignment` (edit distance) and `ranking`.
"""
