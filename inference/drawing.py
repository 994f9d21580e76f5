"""Verdicts drawn on a picture: each in three ways, by word, shape of the border and colour."""
