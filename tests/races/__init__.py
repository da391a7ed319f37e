"""Many who want the last of something at the same moment; the long form is ``python -m tests.races``."""
