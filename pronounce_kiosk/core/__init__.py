"""Plain data every part shares: sentences, scores, settings, errors, paths. No torch, no Qt."""
