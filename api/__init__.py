"""HTTP: read the request, call the service, show the answer."""
