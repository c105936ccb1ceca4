"""Call records: what callers and destinations did, read back."""
