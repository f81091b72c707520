"""Chunks to snapshot to search: Korean tokens, embeddings, FAISS, BM25, fusion, snapshot life cycle."""
