"""The queue of tickets: its order, its cursor, its rows, and the timers that wait for a resting hand.

Start reading at `widget`; `order` is pure, `painting` makes a row's line once, `hand` knows when to wait.
"""
