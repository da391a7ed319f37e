"""Exchange meetings: who sits with whom, who has come, what the day needs."""
