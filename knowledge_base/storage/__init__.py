"""knowledge.db: documents, all their versions, and what people decided about them."""
