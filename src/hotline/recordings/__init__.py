"""Recordings of calls: taken from the switch's spool into a storage, heard by those who may."""
