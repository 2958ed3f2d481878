"""“人籍一致”专项督查 (notice 一（二）): rounds of schools, sampled students seen on site, findings put right or noticed."""
