"""Effects: load facts, ask a rule, then write or send. Each is safe to repeat."""
