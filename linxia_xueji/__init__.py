"""The ground: settings, organisations, people, grants, trail, files, and the kit every application shares."""
