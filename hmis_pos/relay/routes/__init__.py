"""The relay's API, one file a resource."""
