"""Evaluates a trained model: metrics, plots and the report."""
