"""Learning: entries that colleagues share, usages of entries, and the ranking weights trained from them.

It must never store personal data with a usage. Start reading at `usages`, then `training`.
"""
