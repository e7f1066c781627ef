"""Text as search and learning see it: normal form, tokens, character readings, stop phrases and synonyms.

The bottom room: it knows no entries, no customers and no files but its own tables. Start at `tokens`.
"""
