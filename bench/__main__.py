"""Every benchmark, one table after the other: ``make bench``."""

from bench import turns

if __name__ == "__main__":
    turns.main()
