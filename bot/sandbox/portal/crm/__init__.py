"""The portal's CRM: pipelines, deals and leads, and what happens to them."""
