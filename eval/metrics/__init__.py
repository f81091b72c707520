"""One metric, one file: the folder listing is the list of metrics; ``catalogue`` says what each means."""
