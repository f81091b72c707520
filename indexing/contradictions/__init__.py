"""Documents that contradict each other in figures."""
