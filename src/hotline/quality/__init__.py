"""Supervisors judge talks by score sheets."""
