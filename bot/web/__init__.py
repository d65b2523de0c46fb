"""Pages: what people open in a browser or in a portal's frame. A page does what chat does, by the same services."""
