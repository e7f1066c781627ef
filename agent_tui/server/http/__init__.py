"""HTTP: the application, its routes and guards, forms of bodies, error answers, and the process around it.

It must never decide anything (that is the other rooms' and `domain`'s), and no other room may know that it is
asked over HTTP. Start reading at `app` (what is served), then one of `routes`; `guards` says who may ask,
`problems` how errors are answered, `openapi` what the contract's document is made of.
"""
