"""The days documents are in force: as their text says, and as later versions and decisions have it."""
