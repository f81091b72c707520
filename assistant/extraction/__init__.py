"""The sentences of the evidence that answer a question.

``extract`` chooses those that are shown as they stand, ``excerpt`` those that the LLM reads. What a sentence is to its
neighbours says ``passage``, what a row says ``table``; ``answer_type`` is the sort of fact asked for, ``aspect`` the
side of a service, ``size`` tells rows and items apart, ``choice`` picks rows and columns.
"""
