"""Messages that callers leave in boxes, and the boxes."""
