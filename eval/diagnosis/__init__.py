"""What went wrong with the questions of a run: ``faults`` says why one did, ``cases`` goes through all, ``advice`` says
what to mend.
"""
