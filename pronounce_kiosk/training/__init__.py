"""Training and evaluation. Imported by nobody but the commands; needs the extra [train].

Features come from `pipeline`, so what a network learns on is what it will be asked about.
"""
