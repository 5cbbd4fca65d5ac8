"""What happened to a household's money, work, rent and home, month by month, by declared definitions. It sees no name."""
