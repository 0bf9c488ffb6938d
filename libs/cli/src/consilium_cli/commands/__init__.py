"""The subcommands. Each module has `register(app)`; a new file here is a new command."""
