"""The screens: what an agent sees and presses, made of Textual and Rich and nothing below them.

A key becomes an Action (`actions`, one table for bindings, bottom line, palette, help and `docs/keys.md` on
every screen), an action asks and then wishes something of the desk, and what changes comes back as a
UiMessage that makes widgets read the desk again. Widgets hold no domain state, never await the network and
never change a model.

Start reading at `actions.handling`, then `workstation.screen` and `queue.widget`.

2026-11: the workstation's bindings live on its screen, not on its widgets. An action says where it applies
and one `check_action` obeys, so that help, bottom line and palette cannot differ from what a key does. No
class declares a binding of its own: a key that stands in a class can be neither remapped nor found.
"""
