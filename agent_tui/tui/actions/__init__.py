"""The actions: what a person can trigger, a module each family, discovered by `table`.

A row and what it does stand together: what the action asks, what command it then wishes of the desk, and what
is said of it. A new action is a new module here with a `ROWS` tuple, its words in both locales and its tests;
binding, bottom line, palette, help, a person's own keys and `docs/keys.md` follow from the row. The rows of
palette, dialogs and helper's screen name a method of the screen that answers them.

A dialog is imported where it is first asked for: the first frame needs none of them. Start reading at
`handling`.
"""
