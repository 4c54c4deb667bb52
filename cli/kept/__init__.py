"""The commands about runs and plans that are kept: list, show, compare and explain them; none of them writes."""
