"""A night of faults for the real program, as real processes; see docs/faults.md."""
