"""Importing what others publish: readers that stream, names mapped to the packs, one loader that can be stopped at any time."""
