"""One module for each command, of the command's name; it is loaded when the command is called for."""
