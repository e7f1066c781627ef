"""The command line against a real server: what a lead and an editor type, what they are told."""
