"""What supervisors see of the running business, and what they do to running calls."""
