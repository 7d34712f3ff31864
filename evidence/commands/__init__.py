"""The commands; heavy packages are imported late, so that --help answers at once."""
