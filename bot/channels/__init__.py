"""Messengers: one folder each, with its doors, its renderer and its way of sending. None knows another."""
