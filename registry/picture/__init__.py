"""全州概览: what the register and the chain look like from above, each figure with the list behind it."""
