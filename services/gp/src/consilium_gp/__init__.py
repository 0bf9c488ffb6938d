"""The general practice specialist."""
