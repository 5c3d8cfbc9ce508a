"""HTTP: pages for people and JSON for programs, over the same functions."""
