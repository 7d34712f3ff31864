"""The screens, served by the same process: thin pages over the calls of the interface."""
