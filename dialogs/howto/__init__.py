"""The handling guide of the fence (003 別記) as short answers, and the way to the one that somebody needs."""
