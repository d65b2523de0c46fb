"""Alembic's environment: migrations run on the connection they are given, or are written as PostgreSQL's SQL."""

from alembic import context

from storage.schema import metadata

_given = context.config.attributes

if context.is_offline_mode():
    context.configure(dialect_name="postgresql", as_sql=True, output_buffer=_given["script"], target_metadata=metadata)
    context.run_migrations()
else:
    context.configure(
        connection=_given["connection"], target_metadata=metadata, render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()
