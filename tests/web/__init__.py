"""The helper's screen in a browser."""
