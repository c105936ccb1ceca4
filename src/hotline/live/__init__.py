"""Call events pushed to those who watch."""
