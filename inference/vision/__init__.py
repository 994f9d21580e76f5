"""From a picture to faces and verdicts."""
