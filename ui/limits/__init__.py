"""How much work each network may ask for."""
