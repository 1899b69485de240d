"""Stand-ins for the world outside: providers with a ledger of their own."""
