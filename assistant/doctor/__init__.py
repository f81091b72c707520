"""``onnuri doctor``: every part of an installation examined, and a remedy for what is wrong."""
