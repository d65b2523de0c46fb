"""The turn: an incoming message is routed to one handler, and everything it causes is committed together."""
