"""Hotlines, the numbers they forward to and the groups of those."""
