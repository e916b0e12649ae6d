"""Faces drawn by code: expressions, people, features, light."""
