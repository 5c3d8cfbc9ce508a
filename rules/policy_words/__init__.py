"""The words of each process's policies: label, meaning, limits, and where the rule comes from.

A process's module has an entry in `WORDS` for every field of its policy; rules/policies.py joins
the two.
"""
