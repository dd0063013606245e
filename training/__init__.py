"""Makes the encoder that has learned how patients speak: `python -m training`."""
