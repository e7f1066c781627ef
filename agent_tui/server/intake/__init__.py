"""Intake: customers' messages, customers and orders as channels bring them, and what they do to a ticket."""
