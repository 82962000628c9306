"""One function per question of the contract: a log and a request, to a response."""
