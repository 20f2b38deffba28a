"""What is measured, against what, with the command that repeats it."""
