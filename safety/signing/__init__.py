"""How clinicians sign the notices: what they read, what is written into the file."""
