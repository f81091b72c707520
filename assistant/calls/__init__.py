"""Live calls: what is said becomes a question, and the question becomes events, without anybody typing."""
