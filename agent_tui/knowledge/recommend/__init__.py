"""Recommendations: which answers a situation calls for; one engine for desk, palette, helper and scripts.

Start reading at `situation` (what is asked and answered) and `advisor`, whom everybody asks. Below it stands
`recommender`: `asking` takes the open questions from the reading, `word_index` (over `term_index`, kept by
`index_file`) and `signals` say what speaks for each entry, `calibration` makes chances of it, `choosing`
decides what is shown in which order, and `reasons` says why something isn't true of an order. What was sent
before speaks through `usage_model` (`neighbours`, `stacking`, and what training makes: `features`, `vectors`,
`ridge`, `training`, `model_file`, `training_process`, and how far others are believed: `trust`) over the
`usage_log`.

No rule names an entry; what an entry is for stands in its own fields. Never reads content files or touches a
screen; numpy is imported with the first question.
"""
