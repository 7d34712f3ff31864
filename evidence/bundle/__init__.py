"""The case as one file that can be checked without the service."""
