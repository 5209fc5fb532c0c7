"""The address plan: its scheme, what is given out of it, and what stands where."""
