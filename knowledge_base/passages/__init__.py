"""Documents to sections, chunks and sentences."""
