"""An embedding model fine-tuned on questions made from the knowledge base."""
