"""The admission list (录取名单): its columns, the check that writes nothing, the workbooks given out, the import."""
