"""The builder of templates: each field of the model as a control of a page, and back."""
