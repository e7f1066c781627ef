"""Intake: customers' messages, customers and orders as channels bring them, deduplicated by their own ids.

It must never decide which ticket a message goes to (that is `domain.intake`), nor believe an unsigned body.
Start reading at `channels`.
"""
