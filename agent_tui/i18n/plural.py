"""Plurals: a text about a number may have two forms, `{n} order|{n} orders`; one form serves every number."""


def counted(text: str, n: int, **values: object) -> str:
    """`text` filled, in the form for `n` things."""
    one, _, more = text.partition("|")
    return (one if n == 1 or not more else more).format(n=n, **values)
