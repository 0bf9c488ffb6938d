"""The aggregator: opinions in, exactly one final out. It keeps nothing that is not also on the bus."""
