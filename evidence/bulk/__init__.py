"""Work on everything at once: photos by the folder, and what a new version leaves to be redone."""
