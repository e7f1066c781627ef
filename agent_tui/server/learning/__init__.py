"""Learning: entries that colleagues share, usages of entries, and the ranking weights trained from them."""
