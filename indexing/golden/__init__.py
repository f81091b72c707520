"""Golden questions: what an index must find before it is served."""
