"""Decisions and arithmetic: no input or output, no clock, no framework."""
