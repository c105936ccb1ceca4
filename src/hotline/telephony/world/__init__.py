"""The outside world on a real wire: a second switch that plays carrier, callers and phones."""
