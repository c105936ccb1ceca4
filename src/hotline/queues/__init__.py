"""Queues: callers wait, agents are given to them."""
