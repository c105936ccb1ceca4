"""What callers are asked after a talk, and what they answered."""
