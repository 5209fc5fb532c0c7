"""FRRouting, through vtysh. Data only."""
