"""The dialogs: one question a file, over whatever is on the screen. Start reading at `dialog`."""
