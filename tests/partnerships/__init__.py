"""The families' spaces: who gets in, what is written, what leaves."""
