"""The emulated authorisation server: one application, its codes and tokens for all portals."""
