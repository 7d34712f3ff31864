"""The use cases; the only meeting of the pure rooms and the registry."""
