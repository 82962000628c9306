"""Answers to the questions of the contract: one function per route, in the module that
has the same name as that of the route's request."""
