"""The neurology specialist."""
