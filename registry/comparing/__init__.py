"""国网、省网比对 (notice 三（一）2): two exports and the register side by side, each difference followed until it is gone."""
