"""Plain data every other part shares: clips, sentences, scores, settings, errors. No torch, no Qt."""
