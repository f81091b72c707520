"""What was said between the program and the LLM, word for word."""

from dataclasses import dataclass


@dataclass
class Exchange:
    """Filled while the LLM is asked: ``prompt`` once it is sent, ``response`` as far as it was read."""

    prompt: str = ""
    response: str = ""
