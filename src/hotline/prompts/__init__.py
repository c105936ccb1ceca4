"""What callers hear: the enterprises' prompts and the platform's own announcements."""
