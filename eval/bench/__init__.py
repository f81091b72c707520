"""``make bench``: this program beside the usual ones, on the same documents, questions, weights and machine."""
