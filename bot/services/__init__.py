"""Use cases: one class a noun, each method one sentence. Every surface calls the same ones."""
