"""Importing what others publish into what runs."""
