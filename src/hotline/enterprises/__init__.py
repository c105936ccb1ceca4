"""Enterprises: the tenants of the platform."""
