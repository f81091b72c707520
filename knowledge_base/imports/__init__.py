"""Files and folders into the store: what changed is read, what is broken is reported, nothing is lost."""
