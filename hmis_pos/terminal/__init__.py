"""The cashier's terminal: the only home of Qt."""
