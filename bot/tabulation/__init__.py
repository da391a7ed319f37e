"""Counting what a survey's ballots say: pure modules that know questions and answers, and nothing of people.

Only ``book`` and ``sheets`` write files, and only to where they are told.
"""
