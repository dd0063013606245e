"""The files that people edit: read, checked, replaced atomically, with a history."""
