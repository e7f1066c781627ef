"""The helper's screen (支援人员): one customer, a few answers, one way to ask.

Nothing of the workstation is reachable from here: no views, bulk, priorities, tags or commands. Start
reading at `screen.HelperScreen`; what it offers is worked out in the pure modules `wish` and `items`, the
pack is held by `handbook`, and everything that covers the screen for a moment has a module of its own.

What may leave this screen is always words that somebody of the core team wrote (a pack's answer, a card's
words, a buddy's draft), seen once in full before they go.
"""
