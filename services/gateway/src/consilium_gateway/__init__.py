"""The gateway: takes questions over HTTP, streams what happens as server-sent events, records how it ended."""
