"""The ground of the portal: settings, organisations, people, grants, trail, files and the kit all applications share."""
