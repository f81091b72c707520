"""One reader a family of formats; ``knowledge_base.reading`` chooses among them by content."""
