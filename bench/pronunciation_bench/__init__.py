"""Recordings made worse in known ways, and what the program says of them."""
