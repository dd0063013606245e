"""Files of a content folder: found, limited, and parsed in a process of their own."""
