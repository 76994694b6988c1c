"""HMIS POS: the cashier system of a Kenyan hospital."""

__version__ = "0.1.0"
