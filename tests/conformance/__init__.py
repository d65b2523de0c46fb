"""The API tried by a program that knows nothing of it but its document: `make conformance`."""
