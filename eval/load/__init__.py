"""The load test: many calls at once, over HTTP, against a server process of its own."""
