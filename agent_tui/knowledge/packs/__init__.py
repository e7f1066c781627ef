"""Knowledge packs (最小可行知识包): 20 answers, 5 procedures, 3 emergency cards for borrowed staff.

Never asks the network; a pack is read, checked, searched, advised from, proposed, compared and printed here.
Start at `format` (the structs), then `reading` (files to packs) and `resolved` (a pack in use).
"""
