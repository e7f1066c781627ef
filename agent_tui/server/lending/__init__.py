"""Lending: helpers invited, paired and assigned tickets; the packs they answer from; their shifts.

It must never rule on a helper's command (that is `domain`), nor let a code or token outlive its shift. Start
reading at `helpers`, then `assignment`; `codes` are the one-time codes, with their rate limit on guesses.
"""
