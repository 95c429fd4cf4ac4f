"""Activities: the things in somebody's day, with or without a process behind them."""
