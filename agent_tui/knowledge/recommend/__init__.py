"""Recommendations: which answers a conversation calls for, learned from what was sent before.

Start reading at `advisor`: whoever wants an answer asks it, and a new reason to recommend something (an
order's state, a time) belongs there. Below it stand `recommender` (four opinions; `stacking` blends them and
says when to abstain), `retrieval` (BM25 and cosine over entries), `neighbours` and `training` (what
was sent: `features`, `vectors`, `ridge`, `model_file`, `training_process`), and the `usage_log`.

Never reads content files or touches a screen; numpy is imported with the first question.
"""
