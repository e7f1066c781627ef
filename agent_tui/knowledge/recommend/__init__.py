"""Recommendations: the customer's words, and what was sent after such words before, to ranked answers.

Never reads files of content or touches a screen; numpy is imported with the first question. Start at
`recommender` (the four opinions and their blend), then `retrieval` (BM25), `training` and `usage_log`.
"""
