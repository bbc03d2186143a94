"""The activity corner: what to make, draw, try out and play, step by step."""
