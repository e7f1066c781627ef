"""The routes: each says who may ask, reads the form, and hands it to a room; none decides anything."""
