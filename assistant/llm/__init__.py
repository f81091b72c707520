"""The LLM, wherever it runs: ``choice`` makes the ``language_model`` that the settings name."""
