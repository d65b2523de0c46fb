"""Requests and their decisions: corrections, overtime; the cards of both sides, and the news of them."""
