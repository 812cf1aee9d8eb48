"""Operations: open incidents, executions, dead letters, unresolved effects, switches, who did what."""
