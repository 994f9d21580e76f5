"""Trains, evaluates and exports the mask classifier."""
