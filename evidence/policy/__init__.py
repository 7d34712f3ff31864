"""What the RULES propose."""
