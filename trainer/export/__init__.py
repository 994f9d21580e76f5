"""Exports a trained model: formats, verification and the model card."""
