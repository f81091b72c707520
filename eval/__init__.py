"""The judge: question files, metrics and runs."""
