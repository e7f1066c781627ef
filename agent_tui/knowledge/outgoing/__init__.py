"""Content moderation of replies: rules that mark what must not, or not unasked, be sent.

The composer, the server and the linter read the same rules. Start at `rules`.
"""
