"""What waits: one class for each journey."""
