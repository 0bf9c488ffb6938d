"""The `consilium` command: runs everything on one machine, and asks."""
