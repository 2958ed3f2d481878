"""问题学籍: found in the register by set-based search, compared side by side, settled on the chain or by decision."""
