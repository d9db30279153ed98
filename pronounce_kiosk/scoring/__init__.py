"""Score a take against a sentence: from clip to verdict, aspects and units."""
