"""The REST API: what programs get. The same services, rights and refusals as in chat; no rule of its own."""
