"""The composer: writing a reply, a note or words for a helper, checking them and sending them.

Start reading at `widget`; `field` holds what keys mean while a person types, `mode` whom the words reach.
"""
