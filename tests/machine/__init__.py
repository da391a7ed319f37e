"""The stateful machine: anybody does anything in any order, and what must hold is looked at after every step."""
