"""`consilium dead`: dead letters, listed, explained, handed back and removed."""
