"""Lending: helpers invited, paired and assigned tickets; the knowledge packs they answer from; their shifts."""
