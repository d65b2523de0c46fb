"""Views: a page each. They ask services and show what these say; no view knows a rule."""
