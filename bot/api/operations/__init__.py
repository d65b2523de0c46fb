"""The operations of the API, by theme; each is a short function on the services."""
