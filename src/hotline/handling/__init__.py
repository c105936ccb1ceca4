"""Handling calls: commands to running ones, what is offered, calls placed, notes after them."""
