"""Smena: the application. It imports neither `handlers` nor `storage`; both stand on it."""

__version__ = "0.1.0"
