"""A season played by sample people: what the demo begins with, and what the suite plays to its end.

Everything goes through the desk, as it would if people tapped and typed: a play writes nothing by itself.  Its
people are nobody's (見本), and on their channel nothing is ever sent.  What they do follows from a seed.
"""
