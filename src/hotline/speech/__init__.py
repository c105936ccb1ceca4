"""Text to speech: providers, the telephone's reading of texts, audio in the switch's format."""
