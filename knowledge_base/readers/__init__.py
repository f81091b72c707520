"""One reader a family of formats; ``knowledge_base.imports.reading`` chooses among them by content."""
