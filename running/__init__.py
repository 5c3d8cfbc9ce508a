"""Acerto as processes: what the commands do, and how they keep each other alive."""
