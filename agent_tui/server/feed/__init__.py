"""The change feed: cursors, pages, streams, PostgreSQL notifications, and presence beside it."""
