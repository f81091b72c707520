"""What was learnt from labelled questions, learnt anew: a module a model, each a command that says how well it does."""
