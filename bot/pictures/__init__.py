"""Pictures of statistics: plain data in, a PNG out. Nothing here knows an account, a rule or a language."""
