"""What each kind of node does, and the one table of it."""
