"""Durable work on the same PostgreSQL: queued in the caller's transaction, retried, cleaned up."""
