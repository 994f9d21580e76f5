"""Metrics and the report of a trained model."""
