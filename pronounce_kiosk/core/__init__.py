"""Plain data every part shares: clips, sentences, scores, settings, errors. No torch, no Qt."""
