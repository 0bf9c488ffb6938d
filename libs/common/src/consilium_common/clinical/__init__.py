"""Clinical reasoning: pure functions over contracts, without I/O, clock or chance."""
