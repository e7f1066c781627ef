"""Lending: helpers invited, paired and assigned tickets; the packs they answer from; their shifts."""
