"""Files of a content folder: checked, limited, and parsed in a sandbox."""
