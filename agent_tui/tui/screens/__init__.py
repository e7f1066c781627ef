"""Screens: the workstation and the questions it asks; one file each, colours only as theme variables.

A screen arranges widgets and passes on what they say. What a deed does is in `tui.deeds`.
"""
