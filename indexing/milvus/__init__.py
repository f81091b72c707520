"""Snapshots searched in Milvus instead of in this process."""
