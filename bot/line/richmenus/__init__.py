"""The menus at the foot of the talk: which there are, how they look, and how they come to LINE and to people."""
