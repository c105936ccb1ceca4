"""Announcements in writing that the people in charge post and agents read on their desk."""
