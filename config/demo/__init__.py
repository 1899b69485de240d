"""The demonstration: its pages and people exist only with the embedded servers."""
