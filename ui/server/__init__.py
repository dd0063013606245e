"""The server: the ASGI application, its guard and its launcher."""
