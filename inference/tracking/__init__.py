"""From frames to tracks, verdicts and alerts over time."""
