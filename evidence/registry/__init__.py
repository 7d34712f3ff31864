"""What is KEPT; the only room that knows SQL and disk."""
