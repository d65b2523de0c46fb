"""What is written about the program, and the scripts that keep it fresh."""
