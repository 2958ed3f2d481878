"""The register over HTTP, read only, for the systems of those who pay and feed (notice 一)."""
