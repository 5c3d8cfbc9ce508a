"""The sentences that tell what happened, a module for each process.

A kind of event has one or more sentences, the most telling first; rules/history.py picks one.
"""
