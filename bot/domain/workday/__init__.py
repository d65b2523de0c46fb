"""The working day: the log of punches, what is derived from it, and how past time is mended."""
