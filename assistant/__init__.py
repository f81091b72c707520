"""Question to suggestion: settings, masking, the RAG chain, LLMs, grounding, journal, agent panel."""
