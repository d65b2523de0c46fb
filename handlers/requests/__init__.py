"""Requests and their decisions: corrections, leave, overtime; the cards of both sides, and the news."""
