"""What happened today and what waits for somebody: what people begin their day with."""
