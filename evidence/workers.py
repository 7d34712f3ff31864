"""Run work in processes that can be killed; the one seam that a cluster replaces."""
