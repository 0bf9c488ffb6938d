"""What every Consilium service shares: contracts, bus, stores, clinical reasoning, security and lifecycle."""
