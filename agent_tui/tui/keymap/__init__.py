"""The keymap: what a row of the action table is, a person's own keys over it, and the bindings made of both.

The rows themselves stand in `tui.actions`, a module each family. Start reading at `action`.
"""
