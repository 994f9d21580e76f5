"""Trains, measures and exports the classifier."""
