"""What ONE photo is: computed once, stored, never again."""
