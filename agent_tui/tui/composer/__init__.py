"""The composer: writing a reply, a note or words for a helper, checking them and sending them.

Start reading at `widget`; `field` holds what keys mean while a person types, `mode` whom the words reach,
`written` what belongs to them, `guard` what stands against sending, `sending` the way to the desk.
"""
