"""The index kept up to date while the program serves."""
