"""Delivery: replies on their way to the channels' webhooks, retried with exponential back-off, in order.

It must never send what is not queued in the transaction that made it, nor a customer's second reply before
the first. Start reading at `webhooks`; `store.deliveries` is the queue.
"""
