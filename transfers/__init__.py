"""转学 休学 复学 退学 除名 关键信息变更: built on the chain and the register that stand below it."""
