"""Widgets: each shows one thing of the desk and posts what a person wants; none holds domain state."""
