"""What was said between the program and the LLM, word for word."""

from dataclasses import dataclass

from assistant.events import Tokens


@dataclass
class Exchange:
    """Filled while the LLM is asked: ``prompt`` once it is sent, ``response`` as far as it was read, ``tokens`` at
    the end of an answer whose tokens were counted."""

    prompt: str = ""
    response: str = ""
    tokens: Tokens | None = None
