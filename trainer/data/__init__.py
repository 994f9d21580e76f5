"""Turns photos into the data set: crops, splits, synthetic cases and augmentation."""
