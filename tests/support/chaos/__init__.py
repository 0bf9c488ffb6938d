"""Breaking things on purpose: fault proxies, stacks of real processes, a cluster of three, and a checker that counts."""
