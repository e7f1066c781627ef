"""Templates: Liquid placeholders and tab stops filled with a ticket's values, what is missing left blank.

Never reads entries or files. liquid is imported when the first template is filled. Start at `fill`.
"""
