"""Outages: why a portal cannot be reached, as whoever speaks with it sees it."""

from enum import Enum


class Outage(Enum):
    """Why a portal cannot be worked with now; what an installation lacks is another matter (`installation.py`)."""

    NETWORK = "network"
    """It does not answer."""
    CREDENTIALS = "credentials"
    """It does not take what opens it."""
    SERVER = "server"
    """It answers with errors of its own, or with what is no answer."""
    BUSY = "busy"
    """It wants to be asked less."""
    DELIVERIES = "deliveries"
    """What it delivers cannot be believed."""
    STARTING = "starting"
    """Its bot is not registered yet."""
    OURS = "ours"
    """A mistake of ours, or our database: nobody at the portal can mend it."""
