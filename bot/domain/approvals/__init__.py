"""Approvals: what is asked for, who is asked, and exactly one outcome."""
