"""The existing register, loaded from the export of the national system: columns, check, comparison, import."""
