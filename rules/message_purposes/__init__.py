"""The reasons to write, a module for each process: `PURPOSES`, with what each may mention.

rules/message_templates.py joins them.
"""
