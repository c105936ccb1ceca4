"""Numbers about the running site, in the form that Prometheus reads."""
