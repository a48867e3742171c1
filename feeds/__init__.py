"""How orders arrive and how decisions leave."""
