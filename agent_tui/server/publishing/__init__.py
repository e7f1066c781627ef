"""Publishing: a team's own content, a version at a time, checked here and in force on every desk at once.

It must never believe a client's check or comparison: both are made anew. Which entries a version changed,
with the words before and after, is kept in `content_differences`. Start reading at `versions`.
"""
