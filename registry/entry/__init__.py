"""小学一年级、初一新生注册 (notice 二, 一（二）): the list of a school's year, arrival, 延缓入学, urging, and what is still open."""
