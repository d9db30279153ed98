"""Train and evaluate bundles; needs the extra [train].

Features come from `scoring`: networks learn from the same code that scores takes.
"""
