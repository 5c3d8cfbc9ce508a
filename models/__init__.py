"""What is remembered: tables, named queries, and what changes rows."""
