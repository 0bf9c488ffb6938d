"""Real servers for tests. Needs the extras `local` and `test`."""
