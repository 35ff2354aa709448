"""Where countries and institutions stand in drawings of the whole network: computed once, the same for everybody."""
