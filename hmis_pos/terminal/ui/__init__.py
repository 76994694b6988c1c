"""Widgets only: what a cashier sees. What it means is decided in `presenters`."""
