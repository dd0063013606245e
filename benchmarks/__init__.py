"""Measure how fast and how light the product is; read by people, imported by no other package."""
