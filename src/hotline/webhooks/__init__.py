"""Events told to an enterprise's own systems by signed HTTP requests."""
