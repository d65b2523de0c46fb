"""All statements of the storage, by what they are about."""
