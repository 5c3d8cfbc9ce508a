"""What people call a case of each process, its stages and its next steps.

A module for each process: `NAME`, `STAGES` in the order of the journey (the strip of a case shows
them so), and `NEXT_STEPS`, what happens if nobody acts and what that means. rules/words.py joins
them.
"""
