"""Train and evaluate bundles (extra [train]); features come from the code that scores takes."""
