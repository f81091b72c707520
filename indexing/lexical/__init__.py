"""Korean words: the morphemes worth searching for, their spelling, what they name, and the index of them."""
