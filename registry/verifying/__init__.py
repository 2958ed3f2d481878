"""信息核查 (notice 三（一）1、3): the roster of every school, attested class by class, until the register agrees."""
