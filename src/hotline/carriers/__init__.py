"""The carriers that connect us to the telephone network."""
