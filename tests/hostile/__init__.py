"""Input that is meant to do harm, or does so by accident: at every door of the desk."""
