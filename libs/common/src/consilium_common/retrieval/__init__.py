"""Search: which passages answer a question. Pure; the specialists and `consilium eval retrieval` use the same."""
