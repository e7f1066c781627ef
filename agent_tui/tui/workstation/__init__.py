"""The workstation: the one screen an agent lives in, its panes and the chats at hand.

Start reading at `screen`.
"""
