"""HTTP requests to addresses that tenants name, kept away from what is behind the firewall."""
