"""How somebody comes in: by a portal's frame, by an installation, by the authorisation server."""
