"""How the weights of the learned layer are made; not part of the installed package."""
