"""What the log yields: hours, totals, teams, pictures, files, and what is not right in a month."""
