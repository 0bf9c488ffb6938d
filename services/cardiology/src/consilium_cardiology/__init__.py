"""The cardiology specialist."""
