"""The pictures of the docs, made from the running screens: `python -m tests.pictures`."""
