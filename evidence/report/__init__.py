"""The evaluation as one self-contained page for the shop's owner."""
