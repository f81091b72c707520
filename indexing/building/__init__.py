"""Documents to a snapshot that is served, or a kept one served again, once it has passed its checks."""
