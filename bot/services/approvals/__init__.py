"""Approvals: asking, deciding, and doing what was approved."""
