"""Takes out of a page what is not its article: menus, hidden parts, numbers of notes."""
