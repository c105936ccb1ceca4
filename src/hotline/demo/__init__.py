"""Real calls through a whole Hotline, from a carrier that is only played."""
