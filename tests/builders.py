"""Small inputs, each built in a line."""
