"""The sentences of the evidence that answer a question.

``extract`` chooses those that are shown as they stand, with their ``surroundings``, ``excerpt`` those that the LLM
reads. What a sentence is to its neighbours says ``passage``, what a row says ``table``; ``answer_type`` is the sort of
fact asked for, ``aspect`` the side of a service, ``act`` what is done. ``label`` reads what a line says it is on,
``size`` tells rows and items apart, ``choice`` picks rows and columns.
"""
