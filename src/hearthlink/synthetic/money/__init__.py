"""What the households of the practice authority live on, month by month: income, rent, debts, homes won and lost."""
