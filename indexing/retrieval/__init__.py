"""A question to the passages that may answer it: wording, ranking by words and meaning, and what is shown of it."""
