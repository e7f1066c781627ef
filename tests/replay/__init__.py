"""Recorded streams of commands, played again: the same wishes must bring the same events.

`streams.jsonl.gz` holds what was asked (customers' messages, commands, invitations) and every event that
followed, as it was recorded before the rules moved into one place. `test_replay.py` plays the streams through
the helpdesk in memory and over a real server. A difference is a fault, or it is wanted and stands in
`known.jsonl`, line by line, with its reason. `python -m tests.replay` prints the differences there are.
"""
