"""The routes of people, sessions, keys and the audit trail."""
