"""From photos to the data set: crops, splits, synthetic cases, augmentation."""
