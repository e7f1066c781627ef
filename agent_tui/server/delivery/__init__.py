"""Delivery: replies on their way to the channels' webhooks, retried, in order per customer."""
