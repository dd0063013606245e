"""Makes the shipped encoder and answer model from the training questions: `python -m training`."""
