"""Work on many machines: Dask carries it there, and each machine shuts it in as this one would."""
