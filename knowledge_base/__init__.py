"""Documents: reading every format, cleaning, versions, validity dates, chunks, and the bundled sample."""
