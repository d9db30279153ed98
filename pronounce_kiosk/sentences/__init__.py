"""Reading, checking and writing sentence lists. Qt-free; imports only core."""
