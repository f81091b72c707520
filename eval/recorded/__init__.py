"""The questions of real calls: put into a ``golden`` set, or asked again (``replay``)."""
