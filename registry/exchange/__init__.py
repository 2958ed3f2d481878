"""The national 71-column file on its way out: the register as of now, and what the import kept of the other columns."""
