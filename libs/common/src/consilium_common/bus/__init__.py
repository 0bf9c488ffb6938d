"""The bus: NATS JetStream with encrypted envelopes, durable pull consumption, deadlines and the registry of specialists."""
