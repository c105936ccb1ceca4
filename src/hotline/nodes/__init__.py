"""The processes of a site: what each says of itself, and what is wrong with the whole."""
